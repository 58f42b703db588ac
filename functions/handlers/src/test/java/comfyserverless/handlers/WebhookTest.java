package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.webhook.WebhookQueue;
import comfyserverless.contract.webhook.WebhookSecret;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.webhook.Caller;
import comfyserverless.handlers.webhook.WebhookNews;
import comfyserverless.handlers.webhook.WebhookPorts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// From the prompt that brings a webhook to the call, with the stream and the queue in between.
class WebhookTest {
    private static final String ID = "11111111-1111-4111-8111-111111111111";
    private static final String URL = "https://example.org/hook?token=hush";

    private final TestServer server = new TestServer();
    private final List<Sent> sent = new ArrayList<>();
    private int answer = 200;
    private final WebhookEntry entry = new WebhookEntry(server.ports, this::receive);

    private record Sent(URI url, Map<String, String> headers, String body) {
        JsonNode json() {
            return Json.read(body);
        }
    }

    private Caller.Answer receive(URI url, Map<String, String> headers, byte[] body)
            throws IOException {
        sent.add(new Sent(url, headers, new String(body, StandardCharsets.UTF_8)));
        if (answer == 0) {
            throw new ConnectException("Connection refused");
        }
        return new Caller.Answer(answer, "");
    }

    private static String with(String webhook) {
        return ",\"prompt_id\":\"" + ID + "\",\"extra_data\":{\"webhook\":" + webhook + "}";
    }

    private Response submit(String webhook, String... headers) {
        return server.post("/prompt", TestServer.prompt("text", with(webhook)), headers);
    }

    private void run(JobResult.End end) {
        Claim claim = server.memory.claims().claim("runner").orElseThrow();
        assertThat(server.memory.claims().start(claim)).isTrue();
        assertThat(server.memory.claims().finish(claim, SampleJobs.result(end))).isTrue();
    }

    /// What the reconciler hands over if the stream did not.
    private void handOver() {
        server.clock.advance(Duration.ofMinutes(1));
        new WebhookNews(server.ports.webhookOutbox(), server.clock).sweep(List.of("default"));
    }

    /// What the queue's event source does with what it holds now; returns how many calls failed.
    private int deliver() {
        List<WebhookQueue.Received> batch = server.webhooks.receive(Duration.ZERO);
        ObjectNode event = Json.object();
        ArrayNode records = event.putArray("Records");
        for (WebhookQueue.Received message : batch) {
            records.addObject()
                    .put("messageId", message.receipt())
                    .put("receiptHandle", message.receipt())
                    .put("body", message.body());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            entry.handleRequest(
                    new ByteArrayInputStream(Json.writeBytes(event)), out, new NoContext());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> failed = new ArrayList<>();
        Json.read(out.toByteArray())
                .path("batchItemFailures")
                .forEach(failure -> failed.add(failure.path("itemIdentifier").asText()));
        batch.stream()
                .map(WebhookQueue.Received::receipt)
                .filter(receipt -> !failed.contains(receipt))
                .forEach(server.webhooks::delete);
        return failed.size();
    }

    private JsonNode delivery() {
        return TestServer.json(server.get("/api/webhooks/deliveries")).path("deliveries").path(0);
    }

    @Test
    void an_ended_job_calls_the_webhook_of_its_prompt_signed() {
        String secret = TestServer.json(server.get("/api/webhooks/secret")).path("secret").asText();
        assertThat(submit("\"" + URL + "\"").status()).isEqualTo(200);
        run(JobResult.End.SUCCESS);
        handOver();
        assertThat(deliver()).isZero();
        assertThat(sent).hasSize(1);
        Sent call = sent.getFirst();
        assertThat(call.url()).isEqualTo(URI.create(URL));
        assertThat(call.json().path("type").asText()).isEqualTo("job.completed");
        assertThat(call.json().at("/data/id").asText()).isEqualTo(ID);
        assertThat(call.json().at("/data/status").asText()).isEqualTo("completed");
        assertThat(call.headers().get("webhook-signature"))
                .isEqualTo(
                        WebhookSecret.signatures(
                                List.of(WebhookSecret.of(secret)),
                                String.valueOf(call.headers().get("webhook-id")),
                                server.clock.instant().getEpochSecond(),
                                call.body().getBytes(StandardCharsets.UTF_8)));
        assertThat(delivery().path("state").asText()).isEqualTo("delivered");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ERROR", "INTERRUPTED"})
    void so_does_one_that_failed_or_was_interrupted(String end) {
        submit("{\"url\":\"" + URL + "\"}");
        run(JobResult.End.valueOf(end));
        handOver();
        deliver();
        assertThat(sent.getFirst().json().path("type").asText())
                .isEqualTo(end.equals("ERROR") ? "job.failed" : "job.cancelled");
    }

    @Test
    void so_does_one_that_was_deleted_while_it_waited() {
        submit("\"" + URL + "\"");
        server.post("/queue", "{\"delete\":[\"" + ID + "\"]}");
        handOver();
        deliver();
        assertThat(sent.getFirst().json().path("type").asText()).isEqualTo("job.cancelled");
        assertThat(sent.getFirst().json().at("/data/status").asText()).isEqualTo("cancelled");
    }

    @Test
    void the_address_is_kept_away_from_the_prompt() {
        submit("\"" + URL + "\"");
        assertThat(TestServer.text(server.get("/queue"))).contains(ID).doesNotContain("hush");
        assertThat(TestServer.text(server.get("/api/jobs/" + ID))).doesNotContain("hush");
        run(JobResult.End.SUCCESS);
        handOver();
        deliver();
        assertThat(TestServer.text(server.get("/history"))).contains(ID).doesNotContain("hush");
        assertThat(TestServer.text(server.get("/internal/logs"))).doesNotContain("hush");
        assertThat(server.webhooks.bodies()).noneMatch(body -> body.contains("hush"));
        assertThat(
                        server.memory.table().items().stream()
                                .filter(item -> item.values().toString().contains("hush"))
                                .map(Item::key)
                                .map(key -> key.partition()))
                .containsExactly("H#default");
    }

    @Test
    void a_header_names_the_webhook_too() {
        server.post(
                "/prompt",
                TestServer.prompt("text", ""),
                "x-webhook-url",
                URL,
                "x-webhook-events",
                "started, completed");
        run(JobResult.End.ERROR);
        handOver();
        deliver();
        assertThat(sent).isEmpty();
        server.post("/prompt", TestServer.prompt("text", ""), "x-webhook-url", URL);
        run(JobResult.End.ERROR);
        handOver();
        deliver();
        assertThat(sent).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.org/hook",
                "https://127.0.0.1/hook",
                "https://localhost/hook",
                "https://169.254.169.254/latest/meta-data",
                "https://10.0.0.1/",
                "https://[::1]/",
                "https://example.org:8443/",
                "https://user:password@example.org/",
                "nothing"
            })
    void an_address_that_is_not_called_is_refused_at_once(String url) {
        Response refused = submit("\"" + url + "\"");
        assertThat(refused.status()).isEqualTo(400);
        JsonNode error = TestServer.json(refused).path("error");
        assertThat(error.path("type").asText()).isEqualTo("invalid_webhook");
        assertThat(error.path("details").asText()).contains("cannot be called");
        assertThat(TestServer.text(server.get("/queue"))).doesNotContain(ID);
        Response next = submit("\"" + URL + "\"");
        assertThat(TestServer.json(next).path("number").asInt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "17",
                "{\"events\":[\"job.completed\"]}",
                "{\"url\":\"https://example.org\",\"events\":[]}",
                "{\"url\":\"https://example.org\",\"events\":[\"job.lost\"]}",
                "{\"url\":\"https://example.org\",\"events\":\"job.completed\"}"
            })
    void so_is_what_is_no_webhook(String webhook) {
        assertThat(submit(webhook).status()).isEqualTo(400);
    }

    @Test
    void a_server_without_the_queue_says_so() {
        HttpEntry http = new HttpEntry(server.ports.withWebhooks(WebhookPorts.NONE));
        ObjectNode event =
                TestServer.event(
                        "POST",
                        "/prompt",
                        TestServer.prompt("text", with("\"" + URL + "\""))
                                .getBytes(StandardCharsets.UTF_8));
        Response refused = http.answer(event);
        assertThat(refused.status()).isEqualTo(501);
        assertThat(TestServer.text(refused)).contains("webhooks_unavailable");
    }

    @Test
    void the_tenants_own_address_hears_of_jobs_that_bring_none() {
        Response set =
                server.post(
                        "/api/webhooks",
                        "{\"url\":\"" + URL + "\",\"events\":[\"job.completed\"]}");
        assertThat(TestServer.json(set).at("/webhook/events/0").asText())
                .isEqualTo("job.completed");
        server.post("/prompt", TestServer.prompt("text", ""));
        run(JobResult.End.SUCCESS);
        submit("\"https://example.org/own\"");
        run(JobResult.End.SUCCESS);
        handOver();
        deliver();
        assertThat(sent.stream().map(Sent::url))
                .containsExactlyInAnyOrder(URI.create(URL), URI.create("https://example.org/own"));
        assertThat(server.call("DELETE", "/api/webhooks", new byte[0]).status()).isEqualTo(200);
        assertThat(TestServer.json(server.get("/api/webhooks")).path("webhook").isNull()).isTrue();
        server.post("/prompt", TestServer.prompt("text", ""));
        run(JobResult.End.SUCCESS);
        handOver();
        deliver();
        assertThat(sent).hasSize(2);
    }

    @Test
    void a_call_that_fails_is_made_again_with_the_same_id() {
        answer = 500;
        submit("\"" + URL + "\"");
        run(JobResult.End.SUCCESS);
        handOver();
        assertThat(deliver()).isEqualTo(1);
        assertThat(delivery().path("answer").asText()).isEqualTo("500");
        assertThat(deliver()).isZero();
        answer = 200;
        server.clock.advance(Duration.ofSeconds(5));
        assertThat(deliver()).isZero();
        assertThat(sent).hasSize(2);
        assertThat(sent.get(0).headers().get("webhook-id"))
                .isEqualTo(sent.get(1).headers().get("webhook-id"));
        assertThat(sent.get(0).body()).isEqualTo(sent.get(1).body());
    }

    @Test
    void a_call_that_always_fails_is_given_up_and_can_be_replayed() {
        answer = 0;
        submit("\"" + URL + "\"");
        run(JobResult.End.SUCCESS);
        handOver();
        for (int hours = 0; hours < 24; hours++) {
            deliver();
            server.clock.advance(Duration.ofHours(1));
        }
        assertThat(sent).hasSize(7);
        assertThat(delivery().path("state").asText()).isEqualTo("failed");
        assertThat(delivery().path("answer").asText()).isEqualTo("Connection refused");
        assertThat(server.webhooks.bodies()).isEmpty();
        assertThat(server.deadWebhooks.bodies()).hasSize(1);
        answer = 204;
        String id = delivery().path("id").asText();
        assertThat(server.post("/api/webhooks/deliveries/" + id + "/replay", "").status())
                .isEqualTo(202);
        deliver();
        assertThat(sent).hasSize(8);
        assertThat(delivery().path("state").asText()).isEqualTo("delivered");
        assertThat(server.post("/api/webhooks/deliveries/msg_none/replay", "").status())
                .isEqualTo(404);
    }

    @Test
    void a_task_that_comes_twice_is_one_call() {
        submit("\"" + URL + "\"");
        run(JobResult.End.SUCCESS);
        handOver();
        server.webhooks.send(server.webhooks.bodies().getFirst());
        deliver();
        assertThat(sent).hasSize(1);
        assertThat(server.memory.jobs().historyOf(new JobKey("default", ID))).isPresent();
    }
}
