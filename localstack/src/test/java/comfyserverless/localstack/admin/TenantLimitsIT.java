package comfyserverless.localstack.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.localstack.extension.StartedStack;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tenants at their limits on a running local stack, beside one without any.
class TenantLimitsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GRAPH =
            """
            {"prompt": {
              "1": {"class_type": "EmptyImage",
                    "inputs": {"width": 64, "height": 48, "batch_size": 1, "color": COLOR}},
              "2": {"class_type": "SaveImage",
                    "inputs": {"images": ["1", 0], "filename_prefix": "a"}}}}
            """;

    @TempDir private static Path folder;

    private static StartedStack started;
    private static StackAdmin admin;

    private int color;

    @BeforeAll
    static void start() throws IOException {
        admin = new StackAdmin(folder.resolve("data"));
        started = StartedStack.start(folder, "--auth", "key", "--limits", "pending=50");
    }

    @AfterAll
    static void stop() {
        if (started != null) {
            started.close();
        }
    }

    private static StackTenant tenant(String name, String... limits) {
        return StackTenant.create(started, admin, name, limits);
    }

    /// Another picture each time.
    private HttpResponse<String> queue(StackTenant tenant) {
        return tenant.post("/prompt", GRAPH.replace("COLOR", String.valueOf(color++)));
    }

    private static void finishes(StackTenant tenant, int jobs) {
        await().atMost(PATIENCE).until(() -> tenant.json("/history").size() == jobs);
    }

    private static void accepted(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    /// In ComfyUI's shape, with a time to come again.
    private static long refused(HttpResponse<String> response, String type) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(429);
        JsonNode body = Json.read(response.body());
        assertThat(body.at("/error/type").asText()).isEqualTo(type);
        assertThat(body.at("/error/message").asText()).isNotBlank();
        assertThat(body.path("node_errors")).isEmpty();
        return response.headers().firstValueAsLong("retry-after").orElseThrow();
    }

    @Test
    void prompts_beyond_a_full_queue_are_refused_until_some_have_run() {
        StackTenant full = tenant("full", "--pending", "2", "--running", "0");
        StackTenant free = tenant("free");
        accepted(queue(full));
        accepted(queue(full));
        assertThat(refused(queue(full), "queue_full")).isBetween(1L, 60L);
        accepted(queue(free));
        finishes(free, 1);
        assertThat(full.json("/queue").path("queue_pending")).hasSize(2);
        admin.json("tenant", "limit", full.name(), "--running", "1");
        accepted(queue(free));
        finishes(full, 2);
        accepted(queue(full));
        finishes(full, 3);
        assertThat(full.json("/history")).hasSize(3);
        assertThat(full.json("/api/jobs").at("/usage/jobs").asInt()).isEqualTo(3);
        assertThat(full.json("/api/jobs").at("/usage/gpu_seconds").asDouble()).isPositive();
        assertThat(full.json("/api/jobs").at("/jobs/0/execution_meta/gpu_seconds").isNumber())
                .isTrue();
        JsonNode usage = admin.json("tenant", "usage", full.name()).at("/usage/0");
        assertThat(usage.path("jobs").asInt()).isEqualTo(3);
        assertThat(usage.path("gpu_seconds"))
                .isEqualTo(full.json("/api/jobs").at("/usage/gpu_seconds"));
    }

    @Test
    void a_day_without_seconds_is_over() {
        StackTenant poor = tenant("poor", "--gpu-seconds", "0");
        assertThat(refused(queue(poor), "gpu_seconds_used_up")).isBetween(1L, 86_400L);
    }

    @Test
    void requests_beyond_the_rate_are_refused_and_let_in_again_when_it_was_said() {
        StackTenant quick = tenant("quick", "--requests", "60");
        StackTenant calm = tenant("calm");
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            answers.add(quick.get("/queue"));
        }
        HttpResponse<String> last =
                answers.stream()
                        .filter(answer -> answer.statusCode() == 429)
                        .findFirst()
                        .orElseThrow();
        assertThat(answers.getFirst().statusCode()).isEqualTo(200);
        long wait = refused(last, "too_many_requests");
        assertThat(wait).isBetween(1L, 2L);
        assertThat(calm.get("/queue").statusCode()).isEqualTo(200);
        await().pollDelay(Duration.ofSeconds(wait))
                .atMost(Duration.ofSeconds(wait + 5))
                .until(() -> quick.get("/queue").statusCode() == 200);
    }

    @Test
    void files_beyond_the_room_are_refused() {
        StackTenant stuffed = tenant("stuffed", "--storage", "100");
        accepted(stuffed.upload("a.txt", 80));
        refused(stuffed.upload("a.txt", 80), "storage_full");
        assertThat(stuffed.json("/internal/files/input")).hasSize(1);
    }

    @Test
    void sockets_beyond_the_limit_are_refused_until_one_is_closed() {
        StackTenant open = tenant("open", "--connections", "1");
        StackTenant.Socket first = open.socket("first");
        first.abort();
        StackTenant.Socket again = open.socket("first");
        assertThatThrownBy(() -> open.socket("second"))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(429));
        again.abort();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> !open.socket("second").closed().isDone());
    }
}
