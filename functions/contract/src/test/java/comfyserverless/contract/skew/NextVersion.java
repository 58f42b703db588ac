package comfyserverless.contract.skew;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.util.Map;
import java.util.TreeMap;

/// What a later version may add to what this one stores: attributes to every item, members to every JSON
/// object of our own.
final class NextVersion {
    private static final String ADDED = "newer";

    /// Objects that map names to things, where a member more would be a thing more: the node classes of a
    /// catalogue, the runs of jobs that a greeting told of.
    private static final String CATALOGUES = "catalog/";

    private static final String RUNS = "resumed";

    private NextVersion() {}

    static Snapshot of(Snapshot snapshot) {
        return snapshot.map(
                (name, values) -> {
                    Map<String, JsonNode> more = new TreeMap<>();
                    values.forEach((attribute, value) ->
                            more.put(attribute, attribute.equals(RUNS) ? value : added(value)));
                    more.put(ADDED, Json.object().put(Stored.TEXT, "of the next version"));
                    more.put(ADDED + "Number", Json.object().put(Stored.NUMBER, 1));
                    return more;
                },
                (key, stored) -> key.startsWith(CATALOGUES) ? inEach(stored) : added(stored));
    }

    private static JsonNode added(JsonNode stored) {
        if (Stored.isJson(stored.path(Stored.TEXT))) {
            JsonNode json = more(Json.read(stored.path(Stored.TEXT).asText()));
            return Json.object().put(Stored.TEXT, Json.write(json));
        }
        if (stored.has(Stored.ZIPPED)) {
            return Json.object().set(Stored.ZIPPED, more(stored.path(Stored.ZIPPED).deepCopy()));
        }
        return stored;
    }

    private static JsonNode inEach(JsonNode stored) {
        JsonNode copy = stored.deepCopy();
        copy.path(Stored.ZIPPED).forEach(NextVersion::more);
        return copy;
    }

    private static JsonNode more(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.put(ADDED, 1);
        }
        if (json.isArray()) {
            json.forEach(NextVersion::more);
        }
        return json;
    }

    /// A view without what was added.
    static String without(String line) {
        return line.replaceAll(",?\"" + ADDED + "\":1", "");
    }
}
