package comfyserverless.nodeapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;

/// Nodes that take the place of the one that ran, in the form of a prompt: id → `{class_type, inputs}`; a
/// node may name the one shown in its place by `override_display_id`. An input is a literal, a link, or
/// any other value as [#input] writes it.
public record Expansion(ObjectNode nodes) {
    /// A value (a tensor, a handle) as an input of an added node. Such an input equals no other, so what
    /// depends on it is computed anew for each prompt.
    public static JsonNode input(Value value) {
        return value instanceof Value.Json json ? json.node() : new POJONode(value);
    }

    /// The value behind an input that is no link.
    public static Value value(JsonNode input) {
        return input instanceof POJONode pojo && pojo.getPojo() instanceof Value value
                ? value
                : new Value.Json(input);
    }
}
