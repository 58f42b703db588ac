package comfyserverless.contract.skew;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.fake.InMemoryBlobs;
import comfyserverless.contract.fake.InMemoryTable;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Value;
import comfyserverless.contract.table.Write;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/// All that lies in the table and in the object store at a moment, as JSON that one can read: gzipped JSON
/// stands unzipped (`Z`), other bytes as base64 (`B`), texts as `S`, numbers as `N`.
///
/// @param items by partition and sort key, joined by a space
/// @param objects by their keys
record Snapshot(Map<String, Map<String, JsonNode>> items, Map<String, JsonNode> objects) {
    private static final String BETWEEN = " ";

    static Snapshot of(InMemoryTable table, InMemoryBlobs blobs) {
        Map<String, Map<String, JsonNode>> items = new TreeMap<>();
        for (Item item : table.items()) {
            Map<String, JsonNode> values = new TreeMap<>();
            item.values().forEach((name, value) -> values.put(name, Stored.of(value)));
            items.put(item.key().partition() + BETWEEN + item.key().sort(), values);
        }
        Map<String, JsonNode> objects = new TreeMap<>();
        blobs.keys("").forEach(key -> objects.put(key, Stored.of(bytes(blobs, key))));
        return new Snapshot(items, objects);
    }

    private static Value bytes(InMemoryBlobs blobs, String key) {
        try (InputStream in = blobs.read(key, 0).orElseThrow()) {
            return Value.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void restore(InMemoryTable table, InMemoryBlobs blobs) {
        items.forEach((name, values) -> {
            int space = name.indexOf(BETWEEN);
            Item item = Item.of(new Key(name.substring(0, space), name.substring(space + 1)));
            for (Map.Entry<String, JsonNode> value : values.entrySet()) {
                item = item.with(value.getKey(), Stored.value(value.getValue()));
            }
            table.write(Write.put(item));
        });
        objects.forEach((key, stored) -> {
            if (Stored.value(stored) instanceof Value.Bytes bytes) {
                blobs.put(key, bytes.content());
            }
        });
    }

    /// The same with every stored value changed.
    ///
    /// @param change gets the name of the item or object
    Snapshot map(
            BiFunction<String, Map<String, JsonNode>, Map<String, JsonNode>> change,
            BiFunction<String, JsonNode, JsonNode> changeObject) {
        Map<String, Map<String, JsonNode>> changed = new TreeMap<>();
        items.forEach((name, values) -> changed.put(name, change.apply(name, values)));
        Map<String, JsonNode> changedObjects = new TreeMap<>();
        objects.forEach((key, stored) -> changedObjects.put(key, changeObject.apply(key, stored)));
        return new Snapshot(changed, changedObjects);
    }

    /// What of this a reader would not find, or find otherwise, in the other: everything here must be there
    /// with an equal value; what is there besides does not matter. Fresh ids are equal to one another.
    List<String> lackingIn(Snapshot other) {
        List<String> lacking = new ArrayList<>();
        Map<String, List<Map<String, JsonNode>>> there = Stored.byName(other.items);
        items.forEach((name, values) ->
                lacking.addAll(
                        Stored.least(
                                name,
                                there.getOrDefault(Stored.plain(name), List.of()).stream()
                                        .map(found -> Stored.lacking(name, values, found))
                                        .toList())));
        Map<String, List<JsonNode>> objectsThere = Stored.byName(other.objects);
        objects.forEach((key, stored) ->
                lacking.addAll(
                        Stored.least(
                                key,
                                objectsThere.getOrDefault(Stored.plain(key), List.of()).stream()
                                        .map(found -> Stored.lacking(key, stored, found))
                                        .toList())));
        return lacking;
    }

    static Snapshot read(InputStream json) {
        try (json) {
            JsonNode root = Json.mapper().readTree(json);
            Map<String, Map<String, JsonNode>> items = new TreeMap<>();
            for (Map.Entry<String, JsonNode> item : root.path("items").properties()) {
                Map<String, JsonNode> values = new TreeMap<>();
                item.getValue().properties().forEach(e -> values.put(e.getKey(), e.getValue()));
                items.put(item.getKey(), values);
            }
            Map<String, JsonNode> objects = new TreeMap<>();
            root.path("objects").properties().forEach(e -> objects.put(e.getKey(), e.getValue()));
            return new Snapshot(items, objects);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String json() {
        ObjectNode root = Json.object();
        ObjectNode all = root.putObject("items");
        items.forEach((name, values) -> {
            ObjectNode item = all.putObject(name);
            values.forEach(item::set);
        });
        ObjectNode bytes = root.putObject("objects");
        objects.forEach(bytes::set);
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
