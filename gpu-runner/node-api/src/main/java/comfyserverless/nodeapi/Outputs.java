package comfyserverless.nodeapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a node gives back for one call.
///
/// @param values one per declared output
/// @param ui what clients show (`{"images": [...]}`: lists by name), or null
/// @param expansion a small graph that takes the node's place, or null; `values` may then hold links into it
public record Outputs(List<Value> values, @Nullable ObjectNode ui, @Nullable Expansion expansion) {
    public Outputs {
        values = List.copyOf(values);
    }

    public static Outputs of(Value... values) {
        return new Outputs(List.of(values), null, null);
    }

    /// One plain value.
    public static Outputs of(JsonNode value) {
        return of(new Value.Json(value));
    }

    /// Nothing but a list for clients.
    public static Outputs shown(String name, ArrayNode list) {
        return new Outputs(List.of(), JsonNodeFactory.instance.objectNode().set(name, list), null);
    }

    public Outputs andShown(String name, ArrayNode list) {
        return new Outputs(
                values, JsonNodeFactory.instance.objectNode().set(name, list), expansion);
    }

    /// A graph instead of values.
    ///
    /// @param results one link (`["id", 0]`) or value per declared output
    public static Outputs expanded(Expansion expansion, List<Value> results) {
        return new Outputs(results, null, expansion);
    }
}
