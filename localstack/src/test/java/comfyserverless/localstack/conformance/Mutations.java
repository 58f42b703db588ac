package comfyserverless.localstack.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.conformance.Recordings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Recorded cases with one expectation made wrong, one for each kind of expectation.
final class Mutations {
    private Mutations() {}

    /// A case as it was recorded, and with one wrong expectation.
    record Mutated(String name, JsonNode original, JsonNode changed) {}

    private record Kind(String name, Predicate<JsonNode> fits, Consumer<ObjectNode> spoil) {}

    private static final List<Kind> KINDS =
            List.of(
                    new Kind("status", e -> e.has("status"), e -> e.put("status", 299)),
                    new Kind(
                            "a header",
                            e -> e.path("headers").hasNonNull("content-type"),
                            e -> headers(e).put("content-type", "text/other")),
                    new Kind(
                            "an absent header",
                            e -> e.path("headers").hasNonNull("content-type"),
                            e -> headers(e).putNull("content-type")),
                    new Kind("an empty body", e -> e.has("json"), e -> e.put("empty", true)),
                    new Kind(
                            "one more key",
                            e -> e.path("json").isObject() && !isMatcher(e.path("json")),
                            e -> object(e.path("json")).put("one more", 1)),
                    new Kind(
                            "one more item",
                            e -> e.path("json").isArray(),
                            e -> array(e.path("json")).add("one more")),
                    new Kind("text", e -> e.has("text"), e -> e.put("text", "another text")),
                    new Kind("bytes", e -> e.has("body_sha256"), e -> e.put("body_sha256", "00")),
                    new Kind(
                            "pixels",
                            e -> e.path("image").has("pixels_sha256"),
                            e -> object(e.path("image")).put("pixels_sha256", "00")),
                    new Kind(
                            "means of a lossy picture",
                            e -> e.path("image").has("grid4x4_rgba"),
                            Mutations::shiftMeans),
                    new Kind(
                            "a message less",
                            e -> e.path("messages").size() > 1,
                            e -> array(e.path("messages")).remove(1)),
                    new Kind(
                            "another type of message",
                            e -> e.path("messages").path(0).has("type"),
                            e -> object(e.path("messages").path(0)).put("type", "another")));

    /// For each kind the first case that has such an expectation in its last step, and the same with that spoilt.
    static List<Mutated> of(List<Recordings.Case> cases) {
        List<Mutated> mutated = new ArrayList<>();
        for (Kind kind : KINDS) {
            cases.stream()
                    .filter(c -> c.json().path("profile").isMissingNode())
                    .filter(c -> !c.is("quirk") && !c.is("py-heap"))
                    .map(c -> mutate(kind, c))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .ifPresent(mutated::add);
        }
        if (mutated.isEmpty()) {
            throw new IllegalStateException("the corpus has no case to change");
        }
        return mutated;
    }

    private static Optional<Mutated> mutate(Kind kind, Recordings.Case recorded) {
        ObjectNode changed = recorded.json().deepCopy();
        JsonNode steps = changed.path("steps");
        JsonNode expect = steps.path(steps.size() - 1).path("expect");
        boolean fits = expect.isObject() && expect.path("status").asInt() != 500;
        if (!fits || !kind.fits().test(expect)) {
            return Optional.empty();
        }
        kind.spoil().accept(object(expect));
        String name = kind.name() + ", in " + recorded;
        return Optional.of(new Mutated(name, recorded.json(), changed));
    }

    private static boolean isMatcher(JsonNode json) {
        return json.size() == 1 && json.fieldNames().next().startsWith("<");
    }

    private static ObjectNode headers(JsonNode expect) {
        return object(expect.path("headers"));
    }

    private static void shiftMeans(ObjectNode expect) {
        for (JsonNode mean : expect.path("image").path("grid4x4_rgba")) {
            ArrayNode pair = array(mean.path("<approx>"));
            pair.set(0, pair.numberNode(pair.path(0).asInt() + 20));
        }
    }

    private static ObjectNode object(JsonNode json) {
        return (ObjectNode) json;
    }

    private static ArrayNode array(JsonNode json) {
        return (ArrayNode) json;
    }
}
