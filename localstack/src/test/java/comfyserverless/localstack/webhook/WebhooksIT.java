package comfyserverless.localstack.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.localstack.extension.StartedStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What somebody's server hears of jobs of the running stack.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhooksIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private StartedStack stack;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        stack = StartedStack.start(folder, "--webhook-loopback");
    }

    @AfterAll
    void stop() {
        stack.close();
        http.close();
    }

    private HttpResponse<byte[]> send(String method, String path, String body) {
        HttpRequest request =
                HttpRequest.newBuilder(stack.at(path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).join();
    }

    private HttpResponse<byte[]> submit(ObjectNode graph, String url) {
        ObjectNode body = Json.object();
        body.set("prompt", graph);
        body.putObject("extra_data").put("webhook", url);
        return send("POST", "/prompt", body.toString());
    }

    private String accepted(ObjectNode graph, String url) {
        HttpResponse<byte[]> answer = submit(graph, url);
        assertThat(answer.statusCode()).isEqualTo(200);
        return Json.read(answer.body()).path("prompt_id").asText();
    }

    private JsonNode delivery(String promptId) {
        for (JsonNode delivery :
                Json.read(send("GET", "/api/webhooks/deliveries", "").body()).path("deliveries")) {
            if (delivery.path("prompt_id").asText().equals(promptId)) {
                return delivery;
            }
        }
        return Json.object();
    }

    private static Receiver.Received first(Receiver receiver) {
        return await().atMost(SOON).until(receiver::received, calls -> !calls.isEmpty()).getFirst();
    }

    private String secret() {
        return Json.read(send("GET", "/api/webhooks/secret", "").body()).path("secret").asText();
    }

    @Test
    void a_completed_job_is_told_signed_with_addresses_that_need_no_key() throws Exception {
        try (Receiver receiver = Receiver.answering(200)) {
            String id = accepted(Graphs.picture(7), receiver.url());
            Receiver.Received call = first(receiver);
            assertThat(call.promptId()).isEqualTo(id);
            assertThat(call.type()).isEqualTo("job.completed");
            assertThat(call.isSignedWith(secret())).isTrue();
            JsonNode file = call.json().at("/data/outputs/2/images/0");
            HttpRequest download =
                    HttpRequest.newBuilder(URI.create(file.path("download_url").asText())).build();
            byte[] picture = http.send(download, HttpResponse.BodyHandlers.ofByteArray()).body();
            assertThat(picture)
                    .isNotEmpty()
                    .isEqualTo(send("GET", file.path("url").asText(), "").body());
            await().atMost(SOON)
                    .until(() -> delivery(id).path("state").asText().equals("delivered"));
        }
    }

    @Test
    void so_is_one_that_failed() throws Exception {
        try (Receiver receiver = Receiver.answering(200)) {
            String id = accepted(Graphs.failing(), receiver.url());
            Receiver.Received call = first(receiver);
            assertThat(call.promptId()).isEqualTo(id);
            assertThat(call.type()).isEqualTo("job.failed");
            assertThat(call.json().at("/data/execution_error/exception_message").asText())
                    .isNotEmpty();
        }
    }

    @Test
    void so_are_those_that_were_interrupted_or_never_ran() throws Exception {
        try (Receiver receiver = Receiver.answering(200)) {
            String runs = accepted(Graphs.longLasting(), receiver.url());
            String waits = accepted(Graphs.picture(8), receiver.url());
            await().atMost(SOON)
                    .until(() ->
                            !Json.read(send("GET", "/queue", "").body())
                                    .path("queue_running")
                                    .isEmpty());
            send("POST", "/queue", "{\"delete\":[\"" + waits + "\"]}");
            send("POST", "/interrupt", "");
            await().atMost(SOON).until(() -> receiver.received().size() == 2);
            assertThat(receiver.received())
                    .allSatisfy(call -> assertThat(call.type()).isEqualTo("job.cancelled"));
            assertThat(receiver.received().stream().map(Receiver.Received::promptId))
                    .containsExactlyInAnyOrder(runs, waits);
        }
    }

    @Test
    void a_receiver_in_trouble_is_called_again_with_the_same_id() throws Exception {
        try (Receiver receiver = Receiver.answering(500, 200)) {
            String id = accepted(Graphs.picture(9), receiver.url());
            await().atMost(SOON).until(() -> receiver.received().size() == 2);
            assertThat(receiver.received().stream().map(Receiver.Received::id).distinct())
                    .hasSize(1);
            await().atMost(SOON)
                    .until(() -> delivery(id).path("state").asText().equals("delivered"));
            assertThat(delivery(id).path("tries").asInt()).isEqualTo(2);
        }
    }

    @Test
    void a_receiver_that_wants_no_more_is_called_again_on_request_only() throws Exception {
        try (Receiver receiver = Receiver.answering(410, 200)) {
            String id = accepted(Graphs.picture(10), receiver.url());
            await().atMost(SOON).until(() -> delivery(id).path("state").asText().equals("gone"));
            assertThat(receiver.received()).hasSize(1);
            String call = delivery(id).path("id").asText();
            assertThat(
                            send("POST", "/api/webhooks/deliveries/" + call + "/replay", "")
                                    .statusCode())
                    .isEqualTo(202);
            await().atMost(SOON)
                    .until(() -> delivery(id).path("state").asText().equals("delivered"));
            assertThat(receiver.received()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://192.168.0.1/", "https://169.254.169.254/", "http://[fd00::1]/"})
    void addresses_of_private_networks_are_refused_with_loopback_allowed_too(String url) {
        HttpResponse<byte[]> answer = submit(Graphs.picture(11), url);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Json.read(answer.body()).at("/error/type").asText())
                .isEqualTo("invalid_webhook");
    }
}
