package comfyserverless.runner.recorded;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.conformance.Expected;
import comfyserverless.contract.json.Json;
import java.util.List;
import java.util.Optional;

/// Compares a client's messages with recorded ones, in order; `<repeat>` stands for one or more, `<unordered>`
/// for as many as it holds.
final class Messages {
    private final List<JsonNode> actual;
    private int next;

    private Messages(List<JsonNode> actual) {
        this.actual = actual;
    }

    /// The first difference, or empty if all fit.
    static Optional<String> difference(JsonNode wanted, List<JsonNode> actual) {
        return new Messages(actual).difference(wanted);
    }

    private Optional<String> difference(JsonNode wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            JsonNode each = wanted.get(i);
            Optional<String> difference =
                    each.has("<repeat>")
                            ? repeated(each.get("<repeat>"))
                            : each.has("<unordered>") ? unordered(each) : one(each);
            if (difference.isPresent()) {
                return Optional.of("message " + i + difference.get());
            }
        }
        return next == actual.size()
                ? Optional.empty()
                : Optional.of("more than recorded: " + actual.subList(next, actual.size()));
    }

    private Optional<String> one(JsonNode wanted) {
        JsonNode message = next < actual.size() ? actual.get(next) : Json.mapper().missingNode();
        next++;
        return Expected.difference(wanted, message);
    }

    private Optional<String> repeated(JsonNode wanted) {
        Optional<String> difference = one(wanted);
        while (difference.isEmpty()
                && next < actual.size()
                && Expected.difference(wanted, actual.get(next)).isEmpty()) {
            next++;
        }
        return difference;
    }

    private Optional<String> unordered(JsonNode wanted) {
        int end = Math.min(actual.size(), next + wanted.get("<unordered>").size());
        JsonNode part = Json.mapper().valueToTree(actual.subList(next, end));
        next = end;
        return Expected.difference(wanted, part);
    }
}
