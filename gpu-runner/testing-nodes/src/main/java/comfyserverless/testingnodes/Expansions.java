package comfyserverless.testingnodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Expansion;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Builds the small graph that a node expands into (GraphBuilder, ComfyUI 0.3.64).
final class Expansions {
    private final ObjectNode nodes = Json.object();
    private final String prefix;
    private int count;

    Expansions(NodeContext context) {
        this.prefix = context.expansionPrefix();
    }

    /// One node of the graph, filled step by step.
    static final class Added {
        private final String id;
        private final ObjectNode json;
        private final ObjectNode inputs;

        private Added(String id, ObjectNode json) {
            this.id = id;
            this.json = json;
            this.inputs = json.withObjectProperty("inputs");
        }

        /// Sets an input; null takes it away.
        Added with(String name, JsonNode value) {
            if (value.isNull()) {
                inputs.remove(name);
            } else {
                inputs.set(name, value);
            }
            return this;
        }

        Added with(String name, Value value) {
            return with(name, Expansion.input(value));
        }

        Added with(String name, String value) {
            inputs.put(name, value);
            return this;
        }

        Added with(String name, int value) {
            inputs.put(name, value);
            return this;
        }

        Added with(String name, double value) {
            inputs.put(name, value);
            return this;
        }

        Added shownAs(String displayId) {
            json.put("override_display_id", displayId);
            return this;
        }

        /// A link to one of its outputs.
        ArrayNode out(int slot) {
            return link(id, slot);
        }

        Value output(int slot) {
            return new Value.Json(out(slot));
        }

        List<Value> outputs(int from, int to) {
            return IntStream.range(from, to).mapToObj(this::output).toList();
        }
    }

    /// Adds a node with the next number as its id.
    Added add(String classType) {
        return add(classType, Integer.toString(++count));
    }

    Added add(String classType, String id) {
        ObjectNode node = nodes.putObject(prefix + id).put("class_type", classType);
        return new Added(prefix + id, node);
    }

    static ArrayNode link(String id, int slot) {
        return Json.mapper().createArrayNode().add(id).add(slot);
    }

    Outputs results(Value... values) {
        return results(Arrays.asList(values));
    }

    Outputs results(List<Value> values) {
        return Outputs.expanded(new Expansion(nodes), values);
    }
}
