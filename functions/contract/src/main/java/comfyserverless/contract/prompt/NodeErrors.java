package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The errors found, by node id.
public record NodeErrors(Map<String, OfNode> byNode) {
    public static final NodeErrors NONE = new NodeErrors(Map.of());

    public NodeErrors {
        byNode = Collections.unmodifiableMap(new LinkedHashMap<>(byNode));
    }

    /// One node's errors, and which outputs cannot run because of them.
    public record OfNode(
            List<PromptError> errors, List<String> dependentOutputs, String classType) {
        public OfNode {
            errors = List.copyOf(errors);
            dependentOutputs = List.copyOf(dependentOutputs);
        }
    }

    /// As the `node_errors` of an answer.
    public ObjectNode json() {
        ObjectNode json = Json.object();
        byNode.forEach((id, node) -> {
            ObjectNode entry = json.putObject(id);
            ArrayNode errors = entry.putArray("errors");
            node.errors().forEach(e -> errors.add(e.json()));
            ArrayNode outputs = entry.putArray("dependent_outputs");
            node.dependentOutputs().forEach(outputs::add);
            entry.put("class_type", node.classType());
        });
        return json;
    }
}
