package comfyserverless.runner.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.Event.NodeProgress;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SizeGuardTest {
    private static final int MOST = 31 * 1024;

    private final SizeGuard guard = new SizeGuard(MOST);

    private static int size(Event event) {
        return EventJson.write(event).length();
    }

    private static Event.ExecutionError error(int inputs, int frames, int frame, int message) {
        return new Event.ExecutionError(
                "p",
                new Event.NodeFailure(
                        "1",
                        "Node",
                        "RuntimeError",
                        "m".repeat(message),
                        Collections.nCopies(frames, "f".repeat(frame)),
                        Json.object().put("text", "x".repeat(inputs)),
                        Json.mapper().createArrayNode()),
                List.of(),
                1L);
    }

    @Test
    void what_fits_is_left_alone() {
        Event event = error(100, 3, 50, 100);
        assertThat(guard.fit(event)).isSameAs(event);
    }

    @Test
    void an_error_loses_its_inputs_first() {
        Event fitted = guard.fit(error(100_000, 3, 50, 100));
        JsonNode data = EventJson.data(fitted);
        assertThat(data.path("truncated").asBoolean()).isTrue();
        assertThat(data.path("current_inputs")).isEmpty();
        assertThat(data.path("traceback")).hasSize(3);
        assertThat(size(fitted)).isLessThanOrEqualTo(MOST);
    }

    @Test
    void then_the_end_of_its_trace_then_of_its_message() {
        JsonNode trace = EventJson.data(guard.fit(error(10, 1000, 100, 100)));
        assertThat(trace.path("traceback").size()).isBetween(1, 999);
        Event fitted = guard.fit(error(10, 10, 10, 200_000));
        assertThat(size(fitted)).isLessThanOrEqualTo(MOST);
        assertThat(EventJson.data(fitted).path("exception_message").asText()).startsWith("mmm");
    }

    @Test
    void a_state_of_many_nodes_keeps_those_that_run_and_the_last_one() {
        Map<String, NodeProgress> nodes = new LinkedHashMap<>();
        for (int i = 0; i < 500; i++) {
            NodeProgress.State state =
                    i == 7 ? NodeProgress.State.RUNNING : NodeProgress.State.FINISHED;
            nodes.put("" + i, new NodeProgress(1, 1, state, "" + i, "" + i, null, "" + i));
        }
        Event fitted = guard.fit(new Event.ProgressState("p", nodes));
        assertThat(EventJson.data(fitted).path("nodes").fieldNames())
                .toIterable()
                .containsExactly("7", "499");
    }

    @Test
    void a_large_output_is_left_to_the_history() {
        Event fitted =
                guard.fit(
                        new Event.Executed(
                                "p", "1", "1", Json.object().put("text", "x".repeat(50_000))));
        assertThat(size(fitted)).isLessThanOrEqualTo(MOST);
        assertThat(EventJson.data(fitted).path("truncated").asBoolean()).isTrue();
    }
}
