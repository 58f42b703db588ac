package comfyserverless.runner.recorded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.FreeRequests;
import comfyserverless.contract.json.Json;
import comfyserverless.runner.claim.RunnerLoop;
import comfyserverless.runner.nodes.TestNodes;
import comfyserverless.runner.run.CacheMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which nodes run again, by what runners keep.
class KeptResultsTest {
    private static final long PLENTY = 1L << 30;
    private static final String PROMPT =
            """
            {"client_id": "me", "prompt": {
              "1": {"class_type": "EmptyImage",
                    "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": COLOR}},
              "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
              "3": {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]}}}}
            """;

    private final RunnerStage stage = new RunnerStage(TestNodes.core(), Duration.ofSeconds(60));
    private final String socket = stage.connect("me");

    @AfterEach
    void close() {
        stage.close();
    }

    /// The nodes that ran for a prompt of that colour.
    private List<String> ran(String promptId, int colour) {
        stage.submit(promptId, (ObjectNode) Json.read(PROMPT.replace("COLOR", "" + colour)));
        await().atMost(Duration.ofMinutes(1)).until(() -> stage.isOver(socket, promptId));
        return nodes("executing", promptId);
    }

    private List<String> nodes(String type, String promptId) {
        List<String> nodes = new ArrayList<>();
        for (JsonNode message : stage.posted(socket)) {
            JsonNode data = message.path("data");
            if (message.path("type").asText().equals(type)
                    && data.path("prompt_id").asText().equals(promptId)
                    && !data.path("node").isNull()) {
                nodes.add(data.path("node").asText());
            }
        }
        return nodes;
    }

    private List<String> cached(String promptId) {
        List<String> nodes = new ArrayList<>();
        for (JsonNode message : stage.posted(socket)) {
            if (message.path("type").asText().equals("execution_cached")
                    && message.at("/data/prompt_id").asText().equals(promptId)) {
                message.at("/data/nodes").forEach(node -> nodes.add(node.asText()));
            }
        }
        return nodes;
    }

    @Test
    void another_runner_goes_on_from_what_the_first_one_shared() {
        stage.sharing(PLENTY);
        RunnerLoop first = stage.startRunner("first");
        assertThat(ran("p1", 1)).containsExactly("1", "2", "3");
        first.close();
        stage.startRunner("second");
        assertThat(ran("p2", 1)).containsExactly("3");
        assertThat(cached("p2")).containsExactly("1", "2");
        assertThat(ran("p3", 2)).containsExactly("1", "2", "3");
    }

    @Test
    void a_shared_result_that_is_gone_is_made_again() {
        stage.sharing(PLENTY);
        RunnerLoop first = stage.startRunner("first");
        assertThat(ran("p1", 1)).containsExactly("1", "2", "3");
        first.close();
        stage.ports().results(PLENTY).clear(RunnerStage.TENANT);
        stage.startRunner("second");
        assertThat(ran("p2", 1)).containsExactly("1", "2", "3");
    }

    @Test
    void by_default_runners_share_nothing() {
        RunnerLoop first = stage.startRunner("first");
        assertThat(ran("p1", 1)).containsExactly("1", "2", "3");
        first.close();
        stage.startRunner("second");
        assertThat(ran("p2", 1)).containsExactly("1", "2", "3");
    }

    @Test
    void classic_keeps_the_last_prompt_only() {
        stage.startRunner("first");
        assertThat(ran("p1", 1)).containsExactly("1", "2", "3");
        assertThat(ran("p2", 1)).isEmpty();
        assertThat(ran("p3", 2)).containsExactly("1", "2", "3");
        assertThat(ran("p4", 1)).containsExactly("1", "2", "3");
    }

    @Test
    void lru_keeps_older_prompts_too() {
        stage.keeping(new CacheMode.Lru(10)).startRunner("first");
        assertThat(ran("p1", 1)).containsExactly("1", "2", "3");
        assertThat(ran("p2", 2)).containsExactly("1", "2", "3");
        assertThat(ran("p3", 1)).isEmpty();
    }

    @Test
    void none_runs_everything_each_time() {
        stage.keeping(new CacheMode.None()).startRunner("first");
        assertThat(ran("p1", 1)).containsExactly("1", "2", "3");
        assertThat(ran("p2", 1)).containsExactly("1", "2", "3");
        assertThat(cached("p2")).isEmpty();
    }

    @Test
    void freed_memory_forgets_results_and_unloads_models_though_nothing_is_queued() {
        stage.startRunner("only");
        assertThat(ran("p1", 1)).containsExactly("1", "2", "3");
        assertThat(ran("p2", 1)).isEmpty();
        stage.free(new FreeRequests.Wish(true, true));
        await().atMost(Duration.ofMinutes(1)).until(() -> stage.unloads() == 1);
        assertThat(ran("p3", 1)).containsExactly("1", "2", "3");
        assertThat(ran("p4", 1)).isEmpty();
        assertThat(stage.unloads()).isEqualTo(1);
    }

    @Test
    void unloaded_models_leave_results() {
        stage.startRunner("only");
        assertThat(ran("p1", 1)).containsExactly("1", "2", "3");
        stage.free(new FreeRequests.Wish(true, false));
        await().atMost(Duration.ofMinutes(1)).until(() -> stage.unloads() == 1);
        assertThat(ran("p2", 1)).isEmpty();
    }
}
