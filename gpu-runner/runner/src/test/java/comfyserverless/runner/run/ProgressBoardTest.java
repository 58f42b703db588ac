package comfyserverless.runner.run;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.graph.Graph;
import comfyserverless.contract.json.Json;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressBoardTest {
    private final ProgressBoard board =
            new ProgressBoard("p", new DynamicGraph(Graph.of(Json.object())));

    @Test
    void a_small_graph_is_told_whole() {
        board.started("1");
        board.finished("1");
        assertThat(board.started("2").nodes()).containsOnlyKeys("1", "2");
    }

    @Test
    void of_a_large_graph_only_what_changed_and_what_is_unfinished_is_told() {
        board.started("outer");
        for (int i = 0; i < 1000; i++) {
            board.started("" + i);
            board.finished("" + i);
        }
        assertThat(board.started("last").nodes()).containsOnlyKeys("outer", "last");
        assertThat(board.finished("last").nodes()).containsOnlyKeys("outer", "last");
    }

    @Test
    void a_message_stays_small_however_many_are_unfinished() {
        IntStream.range(0, 1000).forEach(i -> board.started("" + i));
        Event.ProgressState state = board.started("last");
        assertThat(state.nodes()).hasSizeLessThan(40).containsKeys("999", "last");
    }

    @Test
    void a_message_stays_small_however_long_the_ids_of_a_loop_become() {
        StringBuilder id = new StringBuilder("5");
        Event.ProgressState state = board.started("5");
        for (int turn = 0; turn < 200; turn++) {
            state = board.started(id.append(".0.0.Recurse").toString());
        }
        assertThat(EventJson.write(state)).hasSizeLessThan(30_000);
        assertThat(state.nodes()).containsKey(id.toString());
    }
}
