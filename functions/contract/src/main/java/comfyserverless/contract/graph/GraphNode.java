package comfyserverless.contract.graph;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// One node of a prompt.
///
/// @param inputs input name → literal value or link, in the order of the prompt
public record GraphNode(String id, String classType, Map<String, JsonNode> inputs) {
    public GraphNode {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }

    /// The inputs that are links.
    public Map<String, Link> links() {
        Map<String, Link> links = new LinkedHashMap<>();
        inputs.forEach((name, value) -> Link.of(value).ifPresent(l -> links.put(name, l)));
        return links;
    }
}
