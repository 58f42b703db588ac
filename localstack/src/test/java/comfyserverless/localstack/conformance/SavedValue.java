package comfyserverless.localstack.conformance;

import com.fasterxml.jackson.databind.JsonNode;

/// Finds what a step saves for later ones.
final class SavedValue {
    private SavedValue() {}

    /// The value at a path of keys and places (`/outputs/9/images/0`); a negative place counts from the end.
    ///
    /// @throws IllegalArgumentException if nothing is there
    static JsonNode at(JsonNode json, String path) {
        JsonNode found = json;
        for (String part : path.split("/", -1)) {
            if (!part.isEmpty()) {
                found = found.isArray() ? found.path(place(part, found.size())) : found.path(part);
            }
        }
        if (found.isMissingNode()) {
            throw new IllegalArgumentException("nothing at " + path + " of " + json);
        }
        return found;
    }

    private static int place(String part, int size) {
        int place = Integer.parseInt(part);
        return place < 0 ? place + size : place;
    }
}
