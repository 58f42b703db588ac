package comfyserverless.contract.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.json.Json;
import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The options of an input as declared, in order: default, min, max, step, tooltip, and whatever a
/// front end knows besides. Numbers keep their kind (8 or 8.0), since error texts show it.
///
/// @param entries option name → value
/// @param shown whether `{}` is printed when there are none
public record InputOptions(Map<String, JsonNode> entries, boolean shown) {
    /// No options, and none printed.
    public static final InputOptions NONE = new InputOptions(Map.of(), false);

    public InputOptions {
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /// The options of a JSON object.
    public static InputOptions of(ObjectNode object) {
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        object.properties().forEach(e -> entries.put(e.getKey(), e.getValue()));
        return new InputOptions(entries, true);
    }

    public InputOptions with(String name, JsonNode value) {
        Map<String, JsonNode> more = new LinkedHashMap<>(entries);
        more.put(name, value);
        return new InputOptions(more, true);
    }

    public InputOptions with(String name, String value) {
        return with(name, TextNode.valueOf(value));
    }

    public InputOptions with(String name, boolean value) {
        return with(name, BooleanNode.valueOf(value));
    }

    public InputOptions with(String name, double value) {
        return with(name, DoubleNode.valueOf(value));
    }

    public InputOptions with(String name, BigInteger value) {
        return with(
                name,
                value.bitLength() < 64
                        ? com.fasterxml.jackson.databind.node.LongNode.valueOf(value.longValue())
                        : BigIntegerNode.valueOf(value));
    }

    InputOptions without(String name) {
        Map<String, JsonNode> fewer = new LinkedHashMap<>(entries);
        fewer.remove(name);
        return new InputOptions(fewer, shown);
    }

    public Optional<JsonNode> get(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /// Whether an option is there and true.
    public boolean is(String name) {
        return get(name).map(v -> v.asBoolean(false)).orElse(false);
    }

    /// The options as a JSON object.
    public ObjectNode json() {
        ObjectNode object = Json.object();
        entries.forEach(object::set);
        return object;
    }
}
