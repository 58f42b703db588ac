package comfyserverless.localstack.emulator.dynamodb.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.aws.ServiceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Attribute values and items as DynamoDB's JSON (`{"S": "x"}`), checked as DynamoDB checks them.
public final class ValueJson {
    private static final int MAX_DEPTH = 32;

    private ValueJson() {}

    /// Reads an item or a map of named values; an absent node is an empty one.
    public static Map<String, Value> readItem(JsonNode node) {
        return readEntries(node, 0);
    }

    public static Value read(JsonNode node) {
        return read(node, 0);
    }

    private static Map<String, Value> readEntries(JsonNode node, int depth) {
        Map<String, Value> entries = new LinkedHashMap<>();
        node.properties().forEach(e -> entries.put(e.getKey(), read(e.getValue(), depth)));
        return entries;
    }

    private static Value read(JsonNode node, int depth) {
        if (depth > MAX_DEPTH) {
            throw ServiceException.validation(
                    "Nesting Levels have exceeded supported limits: Attributes have nested levels beyond supported"
                            + " limit.");
        }
        if (!node.isObject() || node.isEmpty()) {
            throw ServiceException.validation(
                    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
        }
        if (node.size() > 1) {
            throw ServiceException.validation(
                    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the"
                            + " supported datatypes");
        }
        Map.Entry<String, JsonNode> only = node.properties().iterator().next();
        JsonNode content = only.getValue();
        return switch (only.getKey()) {
            case "S" -> new Value.S(content.asText());
            case "N" -> new Value.N(Numbers.parse(content.asText()));
            case "B" -> new Value.B(bytes(content));
            case "BOOL" -> new Value.Bool(content.asBoolean());
            case "NULL" -> readNull(content);
            case "SS", "NS", "BS" -> readSet(only.getKey().substring(0, 1), content);
            case "L" -> readList(content, depth);
            case "M" -> new Value.M(readEntries(content, depth + 1));
            default ->
                    throw ServiceException.validation(
                            "Supplied AttributeValue is empty, must contain exactly one of the supported"
                                    + " datatypes");
        };
    }

    private static Value readNull(JsonNode content) {
        if (!content.asBoolean()) {
            throw ServiceException.validation(
                    "One or more parameter values were invalid: Null attribute value types must have the value of"
                            + " true");
        }
        return new Value.Null();
    }

    private static Value readSet(String elementType, JsonNode content) {
        if (content.isEmpty()) {
            throw ServiceException.validation(
                    "One or more parameter values were invalid: An "
                            + setName(elementType)
                            + " set  may not be empty");
        }
        Set<Value> members = new LinkedHashSet<>();
        for (JsonNode element : content) {
            Value member =
                    switch (elementType) {
                        case "S" -> new Value.S(element.asText());
                        case "N" -> new Value.N(Numbers.parse(element.asText()));
                        default -> new Value.B(bytes(element));
                    };
            if (!members.add(member)) {
                throw ServiceException.validation(
                        "One or more parameter values were invalid: Input collection "
                                + elements(content)
                                + " contains duplicates.");
            }
        }
        return new Value.SetOf(elementType, members);
    }

    private static String setName(String elementType) {
        return switch (elementType) {
            case "S" -> "string";
            case "N" -> "number";
            default -> "binary";
        };
    }

    private static List<String> elements(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(e -> texts.add(e.asText()));
        return texts;
    }

    private static Value readList(JsonNode content, int depth) {
        List<Value> elements = new ArrayList<>(content.size());
        for (JsonNode element : content) {
            elements.add(read(element, depth + 1));
        }
        return new Value.L(elements);
    }

    private static Bytes bytes(JsonNode node) {
        try {
            return Bytes.fromBase64(node.asText());
        } catch (IllegalArgumentException e) {
            throw new ServiceException(
                    400, "SerializationException", "Invalid Base64: " + e.getMessage());
        }
    }

    public static ObjectNode writeItem(Map<String, Value> item) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        item.forEach((name, value) -> node.set(name, write(value)));
        return node;
    }

    public static ObjectNode write(Value value) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        switch (value) {
            case Value.S s -> node.put("S", s.text());
            case Value.N n -> node.put("N", Numbers.text(n.number()));
            case Value.B b -> node.put("B", b.bytes().base64());
            case Value.Bool b -> node.put("BOOL", b.value());
            case Value.Null n -> node.put(n.type(), true);
            case Value.SetOf set -> writeSet(node.putArray(set.type()), set);
            case Value.L list -> {
                ArrayNode elements = node.putArray("L");
                list.elements().forEach(e -> elements.add(write(e)));
            }
            case Value.M map -> node.set("M", writeItem(map.entries()));
        }
        return node;
    }

    private static void writeSet(ArrayNode array, Value.SetOf set) {
        for (Value member : set.members()) {
            array.add(scalarText(member));
        }
    }

    private static String scalarText(Value scalar) {
        return switch (scalar) {
            case Value.S s -> s.text();
            case Value.N n -> Numbers.text(n.number());
            case Value.B b -> b.bytes().base64();
            case Value.Bool _, Value.Null _, Value.SetOf _, Value.L _, Value.M _ ->
                    throw new IllegalStateException("not a scalar: " + scalar.type());
        };
    }
}
