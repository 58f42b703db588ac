package comfyserverless.localstack.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.aws.Aws;
import comfyserverless.contract.fake.RecordingPost;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.SampleJobs;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What a request costs, counted at the SDK; and that no instance of the function knows more than
/// another.
class CallsPerRequestIT {
    private final String pool = UUID.randomUUID().toString();
    private final String tenant = "t-" + pool;
    private final CallCounter calls = new CallCounter();
    private final Aws aws =
            EmbeddedStores.open(SampleJobs.settings(pool), Clock.systemUTC(), calls);
    private final RecordingPost post = new RecordingPost(false);
    private final HttpOverStores http = new HttpOverStores(aws, post, tenant);

    private int taken() {
        return calls.taken().values().stream().mapToInt(Integer::intValue).sum();
    }

    private void end(int jobs) {
        for (int i = 0; i < jobs; i++) {
            Claim claim = aws.ports().claims().claim("runner").orElseThrow();
            aws.ports().claims().start(claim);
            aws.ports().claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
        }
    }

    @Test
    void queueing_a_prompt_makes_six_calls_and_looks_for_sockets() {
        http.queue("a");
        calls.taken();
        http.queue("b");
        assertThat(calls.taken())
                .as("number, body, active tenant, seq, job, ticket; who is connected")
                .isEqualTo(Map.of("UpdateItem", 3, "PutItem", 2, "SendMessage", 1, "Query", 1));
    }

    @Test
    void lists_cost_by_the_hundred_and_one_entry_costs_two() {
        for (int i = 0; i < 45; i++) {
            http.queue("job-" + i);
        }
        calls.taken();
        assertThat(http.get("/queue").path("queue_pending")).hasSize(45);
        assertThat(taken()).isLessThanOrEqualTo(4);
        end(45);
        calls.taken();
        assertThat(http.get("/history?max_items=64")).hasSize(45);
        assertThat(taken()).isLessThanOrEqualTo(3);
        assertThat(http.get("/history/job-7").has("job-7")).isTrue();
        assertThat(taken()).isEqualTo(2);
        assertThat(http.get("/history/none")).isEmpty();
        assertThat(taken()).isEqualTo(1);
        http.get("/object_info");
        assertThat(taken()).isLessThanOrEqualTo(2);
    }

    @Test
    void two_instances_side_by_side_say_the_same() {
        HttpOverStores other = new HttpOverStores(aws, post, tenant);
        http.queue("one");
        assertThat(other.get("/prompt").at("/exec_info/queue_remaining").asInt()).isEqualTo(1);
        other.queue("two");
        assertThat(http.get("/queue")).isEqualTo(other.get("/queue"));
        end(1);
        JsonNode history = http.get("/history");
        assertThat(history.has("one")).isTrue();
        assertThat(other.get("/history")).isEqualTo(history);
        assertThat(other.get("/api/jobs")).hasSize(2);
        http.post("/settings/a", "1");
        assertThat(other.get("/settings").toString()).isEqualTo("{\"a\":1}");
        other.post("/userdata/w%2Fa.json", "{}");
        assertThat(http.get("/userdata?dir=w").toString()).isEqualTo("[\"a.json\"]");
        other.post("/queue", "{\"clear\":true}");
        assertThat(http.get("/prompt").at("/exec_info/queue_remaining").asInt()).isZero();
        http.post("/history", "{\"clear\":true}");
        assertThat(other.get("/history")).isEmpty();
    }
}
