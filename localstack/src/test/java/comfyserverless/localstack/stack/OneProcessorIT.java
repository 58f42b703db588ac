package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.localstack.webhook.Graphs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The local stack where all its virtual threads share one processor: none of them may keep it to itself.
class OneProcessorIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, String> ONE_PROCESSOR =
            Map.of(
                    "JAVA_TOOL_OPTIONS",
                    "-Djdk.virtualThreadScheduler.parallelism=1"
                            + " -Djdk.virtualThreadScheduler.maxPoolSize=1");

    @Test
    void a_job_runs_and_the_stack_stops(@TempDir Path folder) throws Exception {
        try (StackProcess stack = new StackProcess(folder)) {
            stack.start(Path.of("").toAbsolutePath(), ONE_PROCESSOR);
            await().atMost(PATIENCE).until(() -> stack.get("/prompt").isPresent());
            ObjectNode body = Json.object();
            body.set("prompt", Graphs.picture(1));
            String id = stack.post("/prompt", body).orElseThrow().path("prompt_id").asText();
            await().atMost(PATIENCE)
                    .until(() -> stack.get("/history/" + id).map(a -> a.has(id)).orElse(false));
            assertThat(stack.terminate(PATIENCE)).isTrue();
        }
    }
}
