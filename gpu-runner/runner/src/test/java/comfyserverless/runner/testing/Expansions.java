package comfyserverless.runner.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Expansion;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.util.List;
import java.util.Map;

/// Builds the small graph that a node expands into.
final class Expansions {
    private final ObjectNode nodes = Json.object();
    private final String prefix;
    private int count;

    Expansions(NodeContext context) {
        this.prefix = context.expansionPrefix();
    }

    /// Adds a node and returns its id.
    String add(String classType, Map<String, JsonNode> inputs) {
        String id = prefix + ++count;
        ObjectNode node = nodes.putObject(id).put("class_type", classType);
        node.putObject("inputs").setAll(inputs);
        return id;
    }

    static ArrayNode link(String id) {
        return Json.mapper().createArrayNode().add(id).add(0);
    }

    Outputs results(List<Value> values) {
        return Outputs.expanded(new Expansion(nodes), values);
    }
}
