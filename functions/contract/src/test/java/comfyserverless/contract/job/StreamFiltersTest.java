package comfyserverless.contract.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.state.StreamFilter;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The filters in the template let through what the function tells sockets of, and nothing else.
class StreamFiltersTest {
    private static final List<String> LETTERS = List.of("P", "R", "S", "E", "I", "D");
    private static final Key JOB = new Key("Q#tenant", "J#a");

    /// A change of `st`; null is no item.
    record Way(@Nullable String before, @Nullable String after) {
        String event() {
            if (before == null) {
                return "INSERT";
            }
            return after == null ? "REMOVE" : "MODIFY";
        }
    }

    static Stream<Way> ways() {
        List<Way> ways = new ArrayList<>();
        for (String letter : LETTERS) {
            ways.add(new Way(letter, null));
            LETTERS.forEach(after -> ways.add(new Way(letter, after)));
        }
        ways.add(new Way(null, "P"));
        return ways.stream();
    }

    private static @Nullable Item item(Key key, @Nullable String letter) {
        return letter == null ? null : Item.of(key).with("st", letter);
    }

    private static boolean passes(Way way, String partition) {
        return StreamFilter.JOB_CHANGES.stream()
                .anyMatch(
                        filter -> filter.passes(way.event(), partition, way.before(), way.after()));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void what_sockets_hear_of_passes_and_nothing_else(Way way) {
        boolean told =
                StatusChanges.of(item(JOB, way.before()), item(JOB, way.after())).isPresent();
        assertThat(passes(way, JOB.partition())).isEqualTo(told);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void items_that_are_no_jobs_never_pass(Way way) {
        for (String partition : List.of("S#tenant", "W#tenant", "F#tenant#output#", "E#tenant#a")) {
            assertThat(passes(way, partition)).isFalse();
        }
    }

    /// Matches a pattern as the service does, over the two images of a change.
    @ParameterizedTest
    @MethodSource("ways")
    void the_patterns_say_the_same(Way way) {
        boolean matched =
                StreamFilter.JOB_CHANGES.stream()
                        .map(filter -> Json.read(filter.pattern()))
                        .anyMatch(pattern -> matches(pattern, way));
        assertThat(matched).isEqualTo(passes(way, JOB.partition()));
    }

    private static boolean matches(JsonNode pattern, Way way) {
        JsonNode images = pattern.path("dynamodb");
        return pattern.path("eventName").path(0).asText().equals(way.event())
                && images.at("/Keys/PK/S/0/prefix").asText().equals("Q#")
                && matches(images.path("OldImage").at("/st/S"), way.before())
                && matches(images.path("NewImage").at("/st/S"), way.after());
    }

    private static boolean matches(JsonNode allowed, @Nullable String letter) {
        if (allowed.isMissingNode()) {
            return true;
        }
        JsonNode but = allowed.path(0).path("anything-but");
        return letter != null
                && (but.isMissingNode() ? contains(allowed, letter) : !contains(but, letter));
    }

    private static boolean contains(JsonNode list, String letter) {
        for (JsonNode entry : list) {
            if (entry.asText().equals(letter)) {
                return true;
            }
        }
        return false;
    }
}
