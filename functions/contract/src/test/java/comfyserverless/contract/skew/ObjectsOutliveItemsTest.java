package comfyserverless.contract.skew;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import comfyserverless.contract.state.BucketDefinition;
import comfyserverless.contract.state.TableDefinition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bucket's own rules remove no object that an item still names.
class ObjectsOutliveItemsTest {
    private static final String UPLOADS = "P#";
    private static final String QUARANTINE = "quarantine/";

    @TempDir private Path folder;

    @Test
    void an_item_that_names_an_object_with_an_end_ends_no_later() {
        Set<String> prefixes = new TreeSet<>();
        for (int turn = 1; turn <= Scenario.TURNS; turn++) {
            Scenario scenario = new Scenario(folder).runTo(turn);
            scenario.snapshot()
                    .items()
                    .forEach((name, values) ->
                            BucketDefinition.FILES
                                    .lifetimes()
                                    .forEach((prefix, life) -> {
                                        if (names(name, values, prefix)) {
                                            prefixes.add(prefix);
                                            assertEnds(name, values, scenario.now().plus(life));
                                        }
                                    }));
        }
        assertThat(prefixes).isEqualTo(BucketDefinition.FILES.lifetimes().keySet());
    }

    /// An upload's object is named by its item's key alone.
    private static boolean names(String item, Map<String, JsonNode> values, String prefix) {
        return item.startsWith(UPLOADS)
                ? prefix.equals(QUARANTINE)
                : values.values().stream()
                        .anyMatch(value -> value.path(Stored.TEXT).asText().startsWith(prefix));
    }

    private static void assertEnds(String name, Map<String, JsonNode> values, Instant object) {
        assertThat(values).as(name).containsKey(TableDefinition.EXPIRY);
        JsonNode end = values.getOrDefault(TableDefinition.EXPIRY, MissingNode.getInstance());
        Instant item = Instant.ofEpochSecond(end.path(Stored.NUMBER).asLong());
        assertThat(item).as(name).isBeforeOrEqualTo(object);
    }
}
