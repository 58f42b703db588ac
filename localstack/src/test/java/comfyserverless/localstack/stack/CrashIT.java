package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills the whole JVM at random moments while prompts come in: what was accepted is run in the end, each once.
class CrashIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KILLS = Integer.getInteger("crash.kills", 20);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int LONGEST_LIFE_MS = 5_000;
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration CATCH_UP = Duration.ofMinutes(4);

    @TempDir private Path folder;
    private final Set<String> accepted = new ConcurrentSkipListSet<>();
    private final CountDownLatch enough = new CountDownLatch(1);

    @Test
    void no_accepted_prompt_is_lost_however_often_the_process_is_killed() throws Exception {
        Random random = new Random(SEED);
        try (StackProcess stack = new StackProcess(folder)) {
            Thread client = Thread.ofVirtual().start(() -> submit(stack));
            for (int kill = 0; kill < KILLS; kill++) {
                stack.start();
                int known = accepted.size();
                if (kill % 2 == 0) {
                    await().atMost(START).until(() -> accepted.size() > known);
                }
                assertThat(enough.await(random.nextInt(LONGEST_LIFE_MS), TimeUnit.MILLISECONDS))
                        .isFalse();
                stack.kill();
            }
            stack.start();
            await().atMost(START).until(() -> stack.get("/prompt").isPresent());
            enough.countDown();
            client.join();
            assertThat(accepted)
                    .as("prompts accepted, seed %d", SEED)
                    .hasSizeGreaterThan(KILLS / 2);
            await().atMost(CATCH_UP)
                    .until(() -> stack.get("/prompt").map(CrashIT::remaining).orElse(1) == 0);
            JsonNode history = stack.get("/history").orElseThrow();
            assertThat(accepted)
                    .as("seed %d", SEED)
                    .allSatisfy(id ->
                            assertThat(history.at("/" + id + "/status/completed").asBoolean())
                                    .as(id)
                                    .isTrue());
            assertThat(outputsOf(history)).as("names of pictures").doesNotHaveDuplicates();
        }
    }

    private static int remaining(JsonNode answer) {
        return answer.at("/exec_info/queue_remaining").asInt(1);
    }

    private static List<String> outputsOf(JsonNode history) {
        return history.properties().stream()
                .map(entry -> entry.getValue().at("/outputs/2/images/0/filename").asText())
                .toList();
    }

    private void submit(StackProcess stack) {
        try {
            for (int i = 0; !enough.await(50, TimeUnit.MILLISECONDS); i++) {
                Optional<JsonNode> answer = stack.post("/prompt", prompt(i));
                answer.map(a -> a.path("prompt_id").asText()).ifPresent(accepted::add);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ObjectNode prompt(int colour) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode graph = body.putObject("prompt");
        ObjectNode image = graph.putObject("1").put("class_type", "EmptyImage").putObject("inputs");
        image.put("width", 64).put("height", 64).put("batch_size", 1).put("color", colour);
        ObjectNode save = graph.putObject("2").put("class_type", "SaveImage").putObject("inputs");
        save.put("filename_prefix", "crash").putArray("images").add("1").add(0);
        return body;
    }
}
