package comfyserverless.localstack.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.aws.Aws;
import comfyserverless.aws.SettingsFile;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.webhook.Deliveries;
import comfyserverless.contract.webhook.Delivery;
import comfyserverless.localstack.extension.StartedStack;
import comfyserverless.localstack.webhook.Graphs;
import comfyserverless.localstack.webhook.Receiver;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// `comfy-admin webhooks` on a running local stack of two tenants, and what their servers hear of it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhooksAdminIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String TEAM = "team";
    private static final String OTHERS = "others";

    private final HttpClient http = HttpClient.newHttpClient();
    private StackAdmin admin;
    private StartedStack stack;
    private String teamKey;
    private String othersKey;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        admin = new StackAdmin(folder.resolve("data"));
        stack = StartedStack.start(folder, "--auth", "key", "--webhook-loopback");
        teamKey = json("key", "create", "--tenant", TEAM).path("key").asText();
        othersKey = json("key", "create", "--tenant", OTHERS).path("key").asText();
    }

    @AfterAll
    void stop() {
        stack.close();
        http.close();
    }

    private AdminCall call(String... arguments) {
        return admin.call(arguments);
    }

    private JsonNode json(String... arguments) {
        return admin.json(arguments);
    }

    /// Queues a picture; returns the job's id.
    private String queued(String key, int colour) {
        ObjectNode body = Json.object();
        body.set("prompt", Graphs.picture(colour));
        HttpRequest request =
                HttpRequest.newBuilder(stack.at("/prompt"))
                        .header("X-API-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build();
        String answer = http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join().body();
        return Json.read(answer).required("prompt_id").asText();
    }

    private static Receiver.Received nth(Receiver receiver, int n) {
        return await().atMost(SOON)
                .until(receiver::received, calls -> calls.size() >= n)
                .get(n - 1);
    }

    private JsonNode listed(String prompt, String... flags) {
        for (JsonNode delivery :
                json(Stream.concat(
                                        Stream.of("webhooks", "list", "--tenant", TEAM),
                                        Stream.of(flags))
                                .toArray(String[]::new))
                        .path("deliveries")) {
            if (delivery.path("prompt_id").asText().equals(prompt)) {
                return delivery;
            }
        }
        return Json.object();
    }

    private void awaitState(String prompt, String state) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(listed(prompt).path("state").asText()).isEqualTo(state));
    }

    /// Leaves of a call what 17 hours of failures leave.
    private void giveUp(String id) throws IOException {
        SettingsFile.Found found =
                SettingsFile.read(admin.data().resolve(SettingsFile.NAME)).orElseThrow();
        try (Aws aws = Aws.open(found.settings(), JobSettings.standard())) {
            Deliveries deliveries = aws.ports().deliveries();
            Delivery call = deliveries.find(TEAM, id).orElseThrow();
            aws.deadWebhooks().orElseThrow().send(call.task().json());
            deliveries.end(call, Delivery.State.FAILED, "503");
        }
    }

    @Test
    void jobs_of_a_tenant_call_its_address_and_are_signed_with_its_secrets() throws Exception {
        try (Receiver ours = Receiver.answering(200);
                Receiver theirs = Receiver.answering(200)) {
            json("webhooks", "set", ours.url(), "--tenant", TEAM);
            json("webhooks", "set", theirs.url(), "--tenant", OTHERS, "--events", "started");
            assertThat(call("webhooks", "show", "--tenant", OTHERS).out().strip())
                    .isEqualTo(theirs.url() + "  job.started");
            String first = json("webhooks", "secret", "--tenant", TEAM).path("secret").asText();
            String prompt = queued(teamKey, 21);
            String others = queued(othersKey, 22);
            assertThat(nth(ours, 1).promptId()).isEqualTo(prompt);
            assertThat(nth(ours, 1).type()).isEqualTo("job.completed");
            assertThat(nth(ours, 1).isSignedWith(first)).isTrue();
            assertThat(nth(theirs, 1).promptId()).isEqualTo(others);
            assertThat(nth(theirs, 1).type()).isEqualTo("job.started");
            assertThat(nth(theirs, 1).isSignedWith(first)).isFalse();
            String second =
                    json("webhooks", "secret", "--tenant", TEAM, "--rotate")
                            .path("secret")
                            .asText();
            queued(teamKey, 23);
            assertThat(nth(ours, 2).isSignedWith(first)).isTrue();
            assertThat(nth(ours, 2).isSignedWith(second)).isTrue();
            assertThat(call("webhooks", "remove", "--tenant", TEAM).out().strip())
                    .isEqualTo("Removed.");
            assertThat(call("webhooks", "show", "--tenant", TEAM).out()).startsWith("No webhook");
        }
    }

    @Test
    void a_call_that_was_given_up_is_listed_and_made_again() throws Exception {
        try (Receiver receiver = Receiver.answering(410, 200)) {
            json("webhooks", "set", receiver.url(), "--tenant", TEAM);
            String prompt = queued(teamKey, 24);
            awaitState(prompt, "gone");
            String id = listed(prompt).path("id").asText();
            giveUp(id);
            assertThat(call("webhooks", "list", "--failed", "--tenant", TEAM).out())
                    .contains(id, "failed", "503");
            assertThat(json("webhooks", "replay", "--failed", "--tenant", OTHERS).path("replayed"))
                    .hasToString("0");
            assertThat(json("webhooks", "replay", "--failed", "--tenant", TEAM).path("replayed"))
                    .hasToString("1");
            assertThat(nth(receiver, 2).id()).isEqualTo(id).isEqualTo(nth(receiver, 1).id());
            awaitState(prompt, "delivered");
            assertThat(listed(prompt, "--failed")).isEmpty();
            assertThat(call("webhooks", "replay", id, "--tenant", TEAM).out())
                    .startsWith("1 call is made again");
            assertThat(nth(receiver, 3).promptId()).isEqualTo(prompt);
            AdminCall unknown = call("webhooks", "replay", id, "--tenant", OTHERS);
            assertThat(unknown.code()).isEqualTo(1);
            assertThat(unknown.err()).contains("The tenant others has no call " + id);
        }
    }

    @Test
    void an_address_that_the_stack_would_refuse_is_refused() {
        AdminCall refused = call("webhooks", "set", "https://192.168.0.1/", "--tenant", TEAM);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("is no address of the internet");
    }
}
