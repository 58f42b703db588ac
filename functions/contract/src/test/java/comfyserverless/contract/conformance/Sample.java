package comfyserverless.contract.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.json.Json;
import java.util.Map;
import java.util.Optional;

/// An answer that fits a recorded expectation.
public final class Sample {
    private Sample() {}

    private static final class OnlyPartlyKnown extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// The answer; empty where the recording leaves open what else there is.
    public static Optional<JsonNode> of(JsonNode expected) {
        try {
            return Optional.of(sample(expected));
        } catch (OnlyPartlyKnown e) {
            return Optional.empty();
        }
    }

    private static JsonNode sample(JsonNode expected) {
        if (expected instanceof ArrayNode array) {
            ArrayNode items = Json.mapper().createArrayNode();
            array.forEach(item -> items.add(sample(item)));
            return items;
        }
        if (expected instanceof ObjectNode object) {
            return object(object);
        }
        return expected.isTextual() ? text(expected.textValue()) : expected;
    }

    private static JsonNode object(ObjectNode object) {
        Map.Entry<String, JsonNode> only = object.properties().stream().findFirst().orElse(null);
        if (only != null && only.getKey().startsWith("<")) {
            return switch (only.getKey()) {
                case "<each>" -> Json.mapper().createArrayNode().add(sample(only.getValue()));
                case "<unordered>", "<contains>" -> sample(only.getValue());
                case "<oneof>" -> sample(only.getValue().path(0));
                case "<approx>" -> only.getValue().path(0);
                case "<py>", "<literal>" -> only.getValue();
                default -> throw new OnlyPartlyKnown();
            };
        }
        ObjectNode fields = Json.object();
        object.properties().forEach(f -> fields.set(f.getKey(), sample(f.getValue())));
        return fields;
    }

    private static JsonNode text(String text) {
        return switch (text) {
            case "<int>", "<number>" -> IntNode.valueOf(1);
            case "<bool>" -> BooleanNode.TRUE;
            case "<null>" -> NullNode.instance;
            case "<list>" -> Json.mapper().createArrayNode();
            case "<object>" -> Json.object();
            case "<any>" -> throw new OnlyPartlyKnown();
            default -> TextNode.valueOf(text);
        };
    }
}
