package comfyserverless.handlers.queue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.PythonText;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Request;
import java.util.ArrayList;
import java.util.List;

/// What `POST /queue` and `POST /history` ask for, read as Python reads it (post_queue in server.py,
/// ComfyUI 0.3.64).
public final class Wishes {
    private final ObjectNode body;

    private Wishes(ObjectNode body) {
        this.body = body;
    }

    /// Reads a body.
    ///
    /// @throws HttpProblem for what is neither an object nor anything that a word can be looked up in
    public static Wishes of(Request request) {
        JsonNode json = request.json();
        if (json instanceof ObjectNode object) {
            return new Wishes(object);
        }
        // Python finds neither "clear" nor "delete" in most lists and texts, and so does nothing.
        boolean nothing =
                json.isArray() ? !names(json) : json.isTextual() && !named(json.textValue());
        if (nothing) {
            return new Wishes(Json.object());
        }
        throw HttpProblem.badRequest(
                "invalid_json",
                "The body is no JSON object",
                "it is a " + PythonText.typeName(json));
    }

    private static boolean names(JsonNode list) {
        for (JsonNode item : list) {
            if (item.isTextual()
                    && (item.textValue().equals("clear") || item.textValue().equals("delete"))) {
                return true;
            }
        }
        return false;
    }

    private static boolean named(String text) {
        return text.contains("clear") || text.contains("delete");
    }

    /// Whether a word is there and true.
    public boolean has(String word) {
        return Truth.of(body.get(word));
    }

    /// The ids in `delete`: a list's items, an object's keys, a text's letters.
    public List<String> deleted() {
        JsonNode delete = body.get("delete");
        if (delete == null) {
            return List.of();
        }
        List<String> ids = new ArrayList<>();
        if (delete.isArray()) {
            // An id is a text: no other value equals one.
            delete.forEach(id -> {
                if (id.isTextual()) {
                    ids.add(id.textValue());
                }
            });
        } else if (delete.isObject()) {
            delete.fieldNames().forEachRemaining(ids::add);
        } else if (delete.isTextual()) {
            delete.textValue().codePoints().forEach(c -> ids.add(Character.toString(c)));
        } else {
            throw HttpProblem.badRequest(
                    "invalid_delete",
                    "delete must be a list of prompt ids",
                    "it is a " + PythonText.typeName(delete));
        }
        return ids;
    }
}
