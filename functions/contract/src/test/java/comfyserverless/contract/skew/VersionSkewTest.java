package comfyserverless.contract.skew;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A runner and functions one version apart work together, since each version
///
/// 1. goes on from all that the last one stored,
/// 2. stores all that the last one did, with the same values (so the last one finds what it looks for), and
/// 3. does not mind what a later one adds (as the last one did not, whose tests held this too).
class VersionSkewTest {
    @TempDir private Path folder;

    static IntStream turns() {
        return IntStream.rangeClosed(1, Scenario.TURNS);
    }

    private Scenario today() {
        return new Scenario(folder);
    }

    private List<String> end() {
        return today().runTo(Scenario.TURNS).view();
    }

    @ParameterizedTest
    @MethodSource("turns")
    void what_the_last_version_stored_is_read_as_if_it_were_todays(int turn) {
        Scenario taken = new Scenario(folder, turn, LastVersion.after(turn));
        assertSame(taken.view(), today().runTo(turn).view());
        assertSame(taken.runTo(Scenario.TURNS).view(), end());
    }

    /// Tells the lines that differ, not all.
    private static void assertSame(List<String> seen, List<String> expected) {
        assertThat(seen.stream().filter(line -> !expected.contains(line))).isEmpty();
        assertThat(expected.stream().filter(line -> !seen.contains(line))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("turns")
    void the_last_version_finds_all_that_it_looks_for(int turn) {
        assertThat(LastVersion.after(turn).lackingIn(today().runTo(turn).snapshot())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("turns")
    void the_last_version_finds_all_after_a_turn_of_todays(int turn) {
        Scenario taken = new Scenario(folder, turn - 1, before(turn)).runTo(turn);
        assertThat(LastVersion.after(turn).lackingIn(taken.snapshot())).isEmpty();
    }

    private Snapshot before(int turn) {
        return turn == 1 ? new Snapshot(Map.of(), Map.of()) : LastVersion.after(turn - 1);
    }

    @ParameterizedTest
    @MethodSource("turns")
    void what_a_later_version_adds_changes_nothing(int turn) {
        Snapshot later = NextVersion.of(today().runTo(turn).snapshot());
        List<String> seen = new Scenario(folder, turn, later).runTo(Scenario.TURNS).view();
        assertSame(seen.stream().map(NextVersion::without).toList(), end());
    }

    @Test
    void the_way_of_the_jobs_shows_all_that_is_looked_at() {
        String middle = String.join("\n", today().runTo(3).view());
        assertThat(middle)
                .contains("status of team/first Optional[RUNNING]")
                .contains("\"word\":\"yes\"")
                .contains("\"word\":\"no\"")
                .contains("execution_start")
                .contains("sd.safetensors")
                .contains("socket-2")
                .contains("got prompt")
                .contains("cuda:0")
                .contains("\"Loader\"")
                .contains("out_00001_.png")
                .contains("picture")
                .contains("pixels");
        assertThat(String.join("\n", end()))
                .contains("status of team/first Optional[SUCCESS]")
                .contains("status of team/second Optional[INTERRUPTED]")
                .contains("missed [first]");
    }

    @Test
    void a_value_that_is_gone_or_another_or_of_another_kind_is_told_of() {
        Snapshot now = today().runTo(3).snapshot();
        int noticed = 0;
        for (Map.Entry<String, Map<String, JsonNode>> item : now.items().entrySet()) {
            for (String attribute : item.getValue().keySet()) {
                assertThat(now.lackingIn(changed(now, item.getKey(), attribute, null)))
                        .as("without " + attribute + " of " + item.getKey())
                        .isNotEmpty();
                JsonNode other = Json.object().put("other", "kind");
                assertThat(now.lackingIn(changed(now, item.getKey(), attribute, other)))
                        .as("another " + attribute + " of " + item.getKey())
                        .isNotEmpty();
                noticed++;
            }
        }
        assertThat(noticed).isGreaterThan(100);
        assertThat(now.lackingIn(new Snapshot(now.items(), Map.of())))
                .hasSameSizeAs(now.objects().keySet());
    }

    private static Snapshot changed(
            Snapshot snapshot, String item, String attribute, @Nullable JsonNode value) {
        return snapshot.map(
                (name, values) -> {
                    Map<String, JsonNode> other = new TreeMap<>(values);
                    if (name.equals(item)) {
                        other.remove(attribute);
                        if (value != null) {
                            other.put(attribute, value);
                        }
                    }
                    return other;
                },
                (key, stored) -> stored);
    }
}
