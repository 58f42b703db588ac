package comfyserverless.contract.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The matchers of the recordings take what they should, and nothing else.
class ExpectedTest {
    private static final JsonNode PAIRS = read();

    private static JsonNode read() {
        try (InputStream pairs = ExpectedTest.class.getResourceAsStream("/replay/matchers.json")) {
            return Json.readStored(Objects.requireNonNull(pairs).readAllBytes());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> fitting() {
        return pairs("fits");
    }

    static Stream<JsonNode> differing() {
        return pairs("differs");
    }

    private static Stream<JsonNode> pairs(String kind) {
        List<JsonNode> pairs = new ArrayList<>();
        PAIRS.forEach(matcher -> matcher.path(kind).forEach(pairs::add));
        return pairs.stream();
    }

    @ParameterizedTest
    @MethodSource("fitting")
    void takes_what_fits(JsonNode pair) {
        assertThat(Expected.difference(pair.path(0), pair.path(1))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("differing")
    void names_what_differs(JsonNode pair) {
        assertThat(Expected.difference(pair.path(0), pair.path(1))).isPresent();
    }

    @Test
    void every_matcher_has_both_kinds_of_examples() {
        assertThat(Arrays.stream(Matcher.values()).filter(m -> m != Matcher.REPEAT))
                .allSatisfy(matcher -> {
                    assertThat(PAIRS.path(matcher.key()).path("fits")).isNotEmpty();
                    assertThat(PAIRS.path(matcher.key()).path("differs")).isNotEmpty();
                });
    }

    @Test
    void messages_fit_in_their_order_with_repeats_and_free_places() {
        JsonNode recorded = Json.read("[1, {\"<repeat>\": 2}, {\"<unordered>\": [3, 4]}, 5]");
        assertThat(messages(recorded, 1, 2, 2, 4, 3, 5)).isTrue();
        assertThat(messages(recorded, 1, 2, 3, 4, 5)).isTrue();
        assertThat(messages(recorded, 1, 3, 4, 5)).isFalse();
        assertThat(messages(recorded, 1, 2, 3, 4)).isFalse();
        assertThat(messages(recorded, 1, 2, 3, 4, 5, 6)).isFalse();
        assertThat(messages(recorded, 2, 1, 3, 4, 5)).isFalse();
        assertThat(messages(recorded, 1, 2, 3, 3, 5)).isFalse();
        assertThat(messages(recorded)).isFalse();
    }

    private static boolean messages(JsonNode recorded, int... actual) {
        List<JsonNode> messages = new ArrayList<>();
        for (int each : actual) {
            messages.add(Json.mapper().getNodeFactory().numberNode(each));
        }
        return ExpectedMessages.difference(recorded, messages).isEmpty();
    }
}
