package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.localstack.emulator.dynamodb.StreamRecord;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The filters of the event source mapping: only a job whose state came, went or changed wakes the function.
class StreamPumpTest {
    @ParameterizedTest
    @CsvSource({
        "Q#default, , P, false, true",
        "Q#default, P, R, false, true",
        "Q#default, R, S, false, true",
        "Q#default, S, , false, true",
        "Q#default, R, R, false, false",
        "Q#default, S, , true, false",
        "S#default, , x, false, false",
        "W#default, , x, false, false",
        "F#default, x, y, false, false",
    })
    void a_change_is_handed_on_when_a_jobs_state_changes(
            String partition,
            @Nullable String before,
            @Nullable String after,
            boolean expired,
            boolean wanted) {
        Map<String, Value> keys = Map.of("PK", new Value.S(partition), "SK", new Value.S("J#1"));
        StreamRecord change =
                new StreamRecord(
                        "comfy", 1, Instant.EPOCH, keys, image(before), image(after), expired);
        assertThat(StreamPump.isWanted(change)).isEqualTo(wanted);
    }

    private static @Nullable Map<String, Value> image(@Nullable String state) {
        return state == null ? null : Map.of("st", new Value.S(state));
    }
}
