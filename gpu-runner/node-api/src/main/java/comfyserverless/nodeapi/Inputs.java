package comfyserverless.nodeapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a node is given for one call, by input name. The typed getters throw a [NodeException] that names
/// the input where the value is missing or of another kind.
public record Inputs(Map<String, Value> values) {
    public Inputs {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public Optional<Value> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /// The value, which must be there.
    public Value value(String name) {
        Value value = values.get(name);
        if (value == null) {
            throw new NodeException(
                    "TypeError", "missing 1 required positional argument: '" + name + "'");
        }
        return value;
    }

    public boolean has(String name) {
        return values.containsKey(name) && !isNull(name);
    }

    private boolean isNull(String name) {
        return values.get(name) instanceof Value.Json json && json.node().isNull();
    }

    public Image image(String name) {
        return typed(name, Image.class, "IMAGE");
    }

    public Mask mask(String name) {
        return typed(name, Mask.class, "MASK");
    }

    public Latent latent(String name) {
        return typed(name, Latent.class, "LATENT");
    }

    public Audio audio(String name) {
        return typed(name, Audio.class, "AUDIO");
    }

    public Video video(String name) {
        return typed(name, Video.class, "VIDEO");
    }

    /// The content of a handle.
    public <T> T handle(String name, Class<T> kind) {
        Object content = typed(name, Value.Handle.class, kind.getSimpleName()).content();
        if (!kind.isInstance(content)) {
            throw wrong(name, kind.getSimpleName());
        }
        return kind.cast(content);
    }

    /// Plain data; null counts as JSON null.
    public JsonNode json(String name) {
        return values.containsKey(name)
                ? typed(name, Value.Json.class, "a plain value").node()
                : NullNode.getInstance();
    }

    public int integer(String name) {
        long value = whole(name);
        if (value != (int) value) {
            throw new NodeException("ValueError", name + " is " + value + ": too large");
        }
        return (int) value;
    }

    /// A whole number; one above 2^63 wraps around, as seeds do.
    public long whole(String name) {
        JsonNode node = required(name);
        if (!node.isNumber() && !node.isBoolean()) {
            throw wrong(name, "INT");
        }
        return node.isBoolean()
                ? (node.booleanValue() ? 1 : 0)
                : node.bigIntegerValue().longValue();
    }

    public double decimal(String name) {
        JsonNode node = required(name);
        if (!node.isNumber()) {
            throw wrong(name, "FLOAT");
        }
        return node.doubleValue();
    }

    public String text(String name) {
        JsonNode node = required(name);
        if (!node.isTextual()) {
            throw wrong(name, "STRING");
        }
        return node.textValue();
    }

    public boolean flag(String name) {
        return required(name).asBoolean();
    }

    /// The value of that name within an object of values.
    public Value field(String name, String field) {
        Value value = typed(name, Value.Fields.class, "an object").fields().get(field);
        if (value == null) {
            throw new NodeException("KeyError", "'" + field + "'");
        }
        return value;
    }

    /// All items of an input of a node that takes whole lists.
    public List<Value> many(String name) {
        return typed(name, Value.Many.class, "a list").items();
    }

    private JsonNode required(String name) {
        return value(name) instanceof Value.Json json ? json.node() : NullNode.getInstance();
    }

    private <T extends Value> T typed(String name, Class<T> kind, String wanted) {
        Value value = value(name);
        if (!kind.isInstance(value)) {
            throw wrong(name, wanted);
        }
        return kind.cast(value);
    }

    private NodeException wrong(String name, String wanted) {
        return new NodeException(
                "TypeError", "input " + name + " is " + value(name) + ", not " + wanted);
    }
}
