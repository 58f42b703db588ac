package comfyserverless.contract.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What is done to an answer's JSON before it is compared, where its order or its texts do not matter.
public final class Transforms {
    private Transforms() {}

    /// The answer after one transform.
    ///
    /// @throws IllegalArgumentException if the transform is unknown, or the answer has not the form that it needs
    public static JsonNode apply(String transform, JsonNode json) {
        return switch (transform) {
            case "facts" -> Recordings.facts(json);
            case "sort" -> array(sorted(items(json), Comparator.comparing(Json::write)));
            case "names" -> array(items(json).stream().map(i -> required(i.get("name"))).toList());
            case "keys" -> array(sorted(keysOrItems(json), Comparator.comparing(JsonNode::asText)));
            case "key_list" -> array(keysOrItems(json));
            case "count" -> IntNode.valueOf(json.size());
            case "ids" -> array(ids(items(json)));
            case "queue_ids" -> queueIds(json);
            default -> throw new IllegalArgumentException("no transform " + transform);
        };
    }

    private static JsonNode queueIds(JsonNode queue) {
        ObjectNode ids = Json.object();
        Comparator<JsonNode> byNumber = Comparator.comparingDouble(e -> e.path(0).doubleValue());
        queue.properties()
                .forEach(list ->
                        ids.set(
                                list.getKey(),
                                array(ids(sorted(items(list.getValue()), byNumber)))));
        return ids;
    }

    private static List<JsonNode> ids(List<JsonNode> entries) {
        return entries.stream().map(entry -> required(entry.get(1))).toList();
    }

    private static List<JsonNode> keysOrItems(JsonNode json) {
        if (!json.isObject()) {
            return items(json);
        }
        List<JsonNode> keys = new ArrayList<>();
        json.fieldNames().forEachRemaining(key -> keys.add(TextNode.valueOf(key)));
        return keys;
    }

    private static List<JsonNode> items(JsonNode json) {
        if (!json.isArray()) {
            throw new IllegalArgumentException("no list: " + json);
        }
        List<JsonNode> items = new ArrayList<>();
        json.forEach(items::add);
        return items;
    }

    private static List<JsonNode> sorted(List<JsonNode> items, Comparator<JsonNode> order) {
        return items.stream().sorted(order).toList();
    }

    private static ArrayNode array(List<JsonNode> items) {
        return Json.mapper().createArrayNode().addAll(items);
    }

    private static JsonNode required(@org.jspecify.annotations.Nullable JsonNode value) {
        if (value == null) {
            throw new IllegalArgumentException("an entry lacks what the transform takes");
        }
        return value;
    }
}
