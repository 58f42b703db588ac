package comfyserverless.localstack.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.localstack.stack.StackProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A job ends, its receiver is away, and the whole stack is killed: the call is made after the restart.
class WebhookCrashIT {
    private static final Duration START = Duration.ofMinutes(2);

    /// A call that the kill met is hidden for 50 s, which is why this takes its time.
    private static final Duration DELIVERY = Duration.ofMinutes(2);

    private static void awaitEnd(StackProcess stack, String id) throws Exception {
        try {
            await().atMost(START)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> stack.get("/history/" + id).orElseThrow().has(id));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the job has no end:\n" + stack.standstill(), e);
        }
    }

    @Test
    void no_call_is_lost_between_the_end_of_a_job_and_its_delivery(@TempDir Path folder)
            throws Exception {
        int port;
        try (Receiver away = Receiver.answering(200)) {
            port = away.port();
        }
        try (StackProcess stack = new StackProcess(folder)) {
            stack.start("--webhook-loopback");
            await().atMost(START).until(() -> stack.get("/prompt").isPresent());
            ObjectNode body = Json.object();
            body.set("prompt", Graphs.picture(1));
            body.putObject("extra_data").put("webhook", Receiver.url(port));
            String id = stack.post("/prompt", body).orElseThrow().path("prompt_id").asText();
            awaitEnd(stack, id);
            stack.kill();
            try (Receiver back = Receiver.on(port)) {
                stack.start("--webhook-loopback");
                await().atMost(DELIVERY).until(() -> !back.received().isEmpty());
                assertThat(back.received())
                        .allSatisfy(call -> assertThat(call.promptId()).isEqualTo(id));
                assertThat(back.received().stream().map(Receiver.Received::id).distinct())
                        .hasSize(1);
            }
        }
    }
}
