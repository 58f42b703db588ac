package comfyserverless.handlers.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Load;
import comfyserverless.contract.job.Reconciled;
import comfyserverless.contract.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundMetricsTest {
    private static Load.Work work(int pending, int running, long seconds) {
        return new Load.Work(pending, pending, running, Duration.ofSeconds(seconds));
    }

    private static List<JsonNode> lines(Load load) {
        Reconciled round = new Reconciled(List.of(new JobKey("a", "x")), List.of(), 0, 1, load);
        return RoundMetrics.of(round, "comfy", Instant.ofEpochMilli(1_000)).stream()
                .map(line -> Json.read(line.text()))
                .toList();
    }

    @Test
    void the_deployment_and_each_tenant_have_a_line() {
        List<JsonNode> lines =
                lines(new Load(Map.of("a", work(3, 1, 90), "b", work(2, 0, 300)), 1));
        assertThat(lines).hasSize(3);
        JsonNode whole = lines.getFirst();
        assertThat(whole.path("Pending").asInt()).isEqualTo(5);
        assertThat(whole.path("Backlog").asInt()).isEqualTo(6);
        assertThat(whole.path("Runners").asInt()).isEqualTo(1);
        assertThat(whole.path("WaitingWithoutRunner").asInt(-1)).isZero();
        assertThat(whole.path("LostLeases").asInt()).isEqualTo(1);
        assertThat(whole.path("OldestWaiting").asInt()).isEqualTo(300);
        assertThat(lines.subList(1, 3))
                .extracting(line -> line.path("Tenant").asText())
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void jobs_that_wait_with_no_runner_alive_are_told() {
        JsonNode whole = lines(new Load(Map.of("a", work(1, 0, 0)), 0)).getFirst();
        assertThat(whole.path("WaitingWithoutRunner").asInt()).isEqualTo(1);
    }

    @Test
    void runners_are_idle_only_where_no_job_waits_or_runs() {
        assertThat(lines(new Load(Map.of(), 2)).getFirst().path("IdleRunners").asInt())
                .isEqualTo(2);
        Load busy = new Load(Map.of("a", work(0, 1, 0)), 2);
        assertThat(lines(busy).getFirst().path("IdleRunners").asInt(-1)).isZero();
        assertThat(lines(new Load(Map.of(), 0)).getFirst().path("IdleRunners").asInt(-1)).isZero();
    }

    @Test
    void jobs_that_their_tenant_may_not_run_yet_ask_for_no_runner() {
        Load.Work paused = new Load.Work(100, 0, 0, Duration.ofHours(9));
        Load.Work limited = new Load.Work(50, 1, 1, Duration.ofMinutes(2));
        List<JsonNode> both = lines(new Load(Map.of("paused", paused, "limited", limited), 0));
        JsonNode whole = both.getFirst();
        assertThat(whole.path("Pending").asInt()).isEqualTo(150);
        assertThat(whole.path("Backlog").asInt()).isEqualTo(2);
        assertThat(whole.path("WaitingWithoutRunner").asInt()).isEqualTo(1);
        assertThat(whole.path("OldestWaiting").asInt()).isEqualTo(120);
        List<JsonNode> alone = lines(new Load(Map.of("paused", paused), 3));
        assertThat(alone.getFirst().path("Backlog").asInt(-1)).isZero();
        assertThat(alone.getFirst().path("WaitingWithoutRunner").asInt(-1)).isZero();
        assertThat(alone.getFirst().path("IdleRunners").asInt()).isEqualTo(3);
        assertThat(alone.getLast().path("OldestWaiting").asInt()).isEqualTo(9 * 3600);
    }

    @Test
    void a_line_says_which_of_its_fields_are_metrics_and_which_dimensions() {
        JsonNode header = lines(new Load(Map.of(), 0)).getFirst().path("_aws");
        assertThat(header.path("Timestamp").asLong()).isEqualTo(1_000);
        JsonNode metrics = header.at("/CloudWatchMetrics/0");
        assertThat(metrics.path("Namespace").asText()).isEqualTo("ComfyServerless");
        assertThat(metrics.path("Dimensions").toString()).isEqualTo("[[\"Deployment\"]]");
        assertThat(metrics.path("Metrics").size()).isEqualTo(8);
        assertThat(metrics.path("Metrics").toString())
                .contains("{\"Name\":\"OldestWaiting\",\"Unit\":\"Seconds\"}");
    }
}
