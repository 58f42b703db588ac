package comfyserverless.localstack.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.admin.AdminMain;
import comfyserverless.contract.json.Json;
import comfyserverless.localstack.extension.StartedStack;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

    private final HttpClient http = HttpClient.newHttpClient();
    private int color;

    @BeforeAll
    static void start() throws IOException {
        started = StartedStack.start(folder, "--auth", "key", "--limits", "pending=50");
    }

    @AfterAll
    static void stop() {
        if (started != null) {
            started.close();
        }
    }

    private static JsonNode admin(String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("--json", "--data", folder.resolve("data").toString()));
        all.addAll(List.of(arguments));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                AdminMain.run(
                        new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
        assertThat(code).as(out + "\n" + err).isZero();
        return Json.read(out.toString());
    }

    /// A tenant as its programs see the server.
    private final class Tenant {
        private final String name;
        private final String key;

        Tenant(String name, String... limits) {
            this.name = name;
            List<String> create = new ArrayList<>(List.of("tenant", "create", name));
            create.addAll(List.of(limits));
            admin(create.toArray(String[]::new));
            this.key = admin("key", "create", "--tenant", name).path("key").asText();
        }

        HttpResponse<String> get(String path) {
            return send(HttpRequest.newBuilder(started.at(path)).GET());
        }

        JsonNode json(String path) {
            return Json.read(get(path).body());
        }

        HttpResponse<String> queue() {
            String body = GRAPH.replace("COLOR", String.valueOf(color++));
            return send(
                    HttpRequest.newBuilder(started.at("/prompt"))
                            .POST(HttpRequest.BodyPublishers.ofString(body)));
        }

        HttpResponse<String> upload(int bytes) {
            String part =
                    "--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.txt\"\r\n\r\n"
                            + "a".repeat(bytes)
                            + "\r\n--x--\r\n";
            return send(
                    HttpRequest.newBuilder(started.at("/upload/image"))
                            .header("Content-Type", "multipart/form-data; boundary=x")
                            .POST(HttpRequest.BodyPublishers.ofString(part)));
        }

        private HttpResponse<String> send(HttpRequest.Builder request) {
            try {
                return http.send(
                        request.header("X-API-Key", key).build(),
                        HttpResponse.BodyHandlers.ofString());
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        void finishes(int jobs) {
            await().atMost(PATIENCE).until(() -> json("/history").size() == jobs);
        }
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
        Tenant full = new Tenant("full", "--pending", "2", "--running", "0");
        Tenant free = new Tenant("free");
        accepted(full.queue());
        accepted(full.queue());
        assertThat(refused(full.queue(), "queue_full")).isBetween(1L, 60L);
        accepted(free.queue());
        free.finishes(1);
        assertThat(full.json("/queue").path("queue_pending")).hasSize(2);
        admin("tenant", "limit", full.name, "--running", "1");
        accepted(free.queue());
        full.finishes(2);
        accepted(full.queue());
        full.finishes(3);
        assertThat(full.json("/history")).hasSize(3);
        assertThat(full.json("/api/jobs").at("/usage/jobs").asInt()).isEqualTo(3);
        assertThat(full.json("/api/jobs").at("/usage/gpu_seconds").asDouble()).isPositive();
        assertThat(full.json("/api/jobs").at("/jobs/0/execution_meta/gpu_seconds").isNumber())
                .isTrue();
        JsonNode usage = admin("tenant", "usage", full.name).at("/usage/0");
        assertThat(usage.path("jobs").asInt()).isEqualTo(3);
        assertThat(usage.path("gpu_seconds"))
                .isEqualTo(full.json("/api/jobs").at("/usage/gpu_seconds"));
    }

    @Test
    void a_day_without_seconds_is_over() {
        Tenant poor = new Tenant("poor", "--gpu-seconds", "0");
        assertThat(refused(poor.queue(), "gpu_seconds_used_up")).isBetween(1L, 86_400L);
    }

    @Test
    void requests_beyond_the_rate_are_refused_and_let_in_again_when_it_was_said() {
        Tenant quick = new Tenant("quick", "--requests", "60");
        Tenant calm = new Tenant("calm");
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
        Tenant stuffed = new Tenant("stuffed", "--storage", "100");
        accepted(stuffed.upload(80));
        refused(stuffed.upload(80), "storage_full");
        assertThat(stuffed.json("/internal/files/input")).hasSize(1);
    }
}
