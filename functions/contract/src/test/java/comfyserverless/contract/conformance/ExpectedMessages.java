package comfyserverless.contract.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import comfyserverless.contract.json.Json;
import java.util.List;
import java.util.Optional;

/// Compares a client's messages with recorded ones, in order; `<repeat>` stands for one or more, `<unordered>` for the
/// next ones in any order, as many as it holds.
public final class ExpectedMessages {
    private final List<JsonNode> actual;
    private int next;

    private ExpectedMessages(List<JsonNode> actual) {
        this.actual = actual;
    }

    /// The first difference, or empty if all fit.
    public static Optional<String> difference(JsonNode expected, List<JsonNode> actual) {
        return new ExpectedMessages(actual).difference(expected);
    }

    private Optional<String> difference(JsonNode expected) {
        for (int i = 0; i < expected.size(); i++) {
            Optional<String> difference = next(expected.path(i));
            if (difference.isPresent()) {
                return Optional.of(
                        "message " + i + difference.get() + " (messages: " + types(actual) + ")");
            }
        }
        return next == actual.size()
                ? Optional.empty()
                : Optional.of("more than recorded: " + actual.subList(next, actual.size()));
    }

    private Optional<String> next(JsonNode expected) {
        Optional<Matcher.Use> use = Matcher.in(expected);
        if (use.isPresent() && use.get().matcher() == Matcher.REPEAT) {
            return repeated(use.get().value());
        }
        if (use.isPresent() && use.get().matcher() == Matcher.UNORDERED) {
            return unordered(expected, use.get().value().size());
        }
        return one(expected);
    }

    private Optional<String> one(JsonNode expected) {
        if (next >= actual.size()) {
            return Optional.of(": expected " + expected + ", but no further message");
        }
        return Expected.difference(expected, actual.get(next++));
    }

    private Optional<String> repeated(JsonNode expected) {
        Optional<String> difference = one(expected);
        while (difference.isEmpty()
                && next < actual.size()
                && Expected.difference(expected, actual.get(next)).isEmpty()) {
            next++;
        }
        return difference;
    }

    private Optional<String> unordered(JsonNode expected, int count) {
        int end = Math.min(actual.size(), next + count);
        ArrayNode part = Json.mapper().createArrayNode().addAll(actual.subList(next, end));
        next = end;
        return Expected.difference(expected, part);
    }

    private static List<String> types(List<JsonNode> messages) {
        return messages.stream().map(m -> m.path("type").asText("?")).toList();
    }
}
