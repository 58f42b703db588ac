package comfyserverless.contract.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The nodes of a validated prompt by id, in its order.
public record Graph(Map<String, GraphNode> nodes) {
    public Graph {
        nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    }

    /// The graph of a prompt in ComfyUI's API format. A node without inputs has none; what is no node
    /// is left out.
    public static Graph of(ObjectNode prompt) {
        Map<String, GraphNode> nodes = new LinkedHashMap<>();
        prompt.properties()
                .forEach(e -> {
                    JsonNode node = e.getValue();
                    if (node.path("class_type").isTextual()) {
                        nodes.put(e.getKey(), node(e.getKey(), node));
                    }
                });
        return new Graph(nodes);
    }

    /// The node of that id.
    ///
    /// @throws IllegalArgumentException if there is none
    public GraphNode node(String id) {
        GraphNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("the prompt has no node \"" + id + "\"");
        }
        return node;
    }

    private static GraphNode node(String id, JsonNode json) {
        Map<String, JsonNode> inputs = new LinkedHashMap<>();
        json.path("inputs").properties().forEach(e -> inputs.put(e.getKey(), e.getValue()));
        return new GraphNode(id, json.path("class_type").textValue(), inputs);
    }
}
