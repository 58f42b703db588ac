package comfyserverless.localstack.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.aws.Aws;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.fake.RecordingPost;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
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

    /// An instance reads a tenant's limits once in half a minute.
    private void seeLimits() {
        http.get("/prompt");
        calls.taken();
    }

    private void end(int jobs) {
        for (int i = 0; i < jobs; i++) {
            Claim claim = aws.ports().claims().claim("runner").orElseThrow();
            aws.ports().claims().start(claim);
            aws.ports().claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
        }
    }

    /// The very first prompt of a tenant, too.
    @Test
    void queueing_a_prompt_makes_four_calls() {
        seeLimits();
        assertThat(http.queue("a").has("prompt_id")).isTrue();
        assertThat(calls.taken())
                .as("number and place; job, prompt and active tenant; who is connected; ticket")
                .isEqualTo(
                        Map.of(
                                "UpdateItem",
                                1,
                                "TransactWriteItems",
                                1,
                                "Query",
                                1,
                                "SendMessage",
                                1));
    }

    @Test
    void queueing_a_prompt_makes_six_calls_where_somebody_is_to_be_told() {
        Connection socket =
                new Connection(tenant, "me", "socket", Instant.now(), Json.object(), false);
        aws.ports().connections().connected(socket);
        aws.ports().connections().greet(socket, List.of());
        seeLimits();
        http.queue("a");
        assertThat(calls.taken())
                .as("the same; what waits and what runs")
                .isEqualTo(
                        Map.of(
                                "UpdateItem",
                                1,
                                "TransactWriteItems",
                                1,
                                "Query",
                                3,
                                "SendMessage",
                                1));
        assertThat(post.texts("socket"))
                .singleElement()
                .satisfies(text -> assertThat(text).contains("\"queue_remaining\":1"));
    }

    @Test
    void lists_cost_by_the_hundred_and_one_entry_costs_two() {
        for (int i = 0; i < 120; i++) {
            http.queue("job-" + i);
        }
        calls.taken();
        assertThat(http.get("/queue").path("queue_pending")).hasSize(120);
        assertThat(taken())
                .as("mark, running, pending, running; 120 prompts")
                .isLessThanOrEqualTo(4 + 2);
        end(120);
        calls.taken();
        assertThat(http.get("/history?max_items=200")).hasSize(120);
        assertThat(taken()).as("mark, ended; 120 entries").isLessThanOrEqualTo(2 + 2);
        assertThat(http.get("/history?max_items=100&offset=20")).hasSize(100);
        assertThat(taken()).as("mark, ended; 100 entries").isLessThanOrEqualTo(2 + 1);
        assertThat(http.get("/history/job-7").has("job-7")).isTrue();
        assertThat(taken()).isEqualTo(2);
        assertThat(http.get("/history/none")).isEmpty();
        assertThat(taken()).isEqualTo(1);
        http.get("/object_info");
        assertThat(taken()).isLessThanOrEqualTo(2);
    }

    @Test
    void limits_cost_one_read_and_then_none() {
        calls.taken();
        http.get("/queue");
        int first = taken();
        http.get("/queue");
        assertThat(taken()).isEqualTo(first - 1);
    }

    @Test
    void a_key_costs_one_read_and_then_none() {
        Credentials.Issued key =
                aws.ports()
                        .credentials(() -> UUID.randomUUID().toString())
                        .issue(Credentials.Kind.KEY, new Identity(tenant, null, false), "", null);
        HttpOverStores asked = HttpOverStores.withKey(aws, post, key.secret());
        http.get("/queue");
        calls.taken();
        http.get("/queue");
        int without = taken();
        asked.get("/queue");
        assertThat(taken()).isEqualTo(without + 1);
        asked.get("/queue");
        assertThat(taken()).isEqualTo(without);
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
        assertThat(other.get("/api/jobs").get("jobs")).hasSize(2);
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
