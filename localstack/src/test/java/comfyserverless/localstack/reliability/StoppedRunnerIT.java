package comfyserverless.localstack.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// R4: a runner stands still (SIGSTOP) until another one has its job, and then goes on as if nothing had happened.
/// `-Dstopped.rounds=N` does it more often.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such signals")
class StoppedRunnerIT {
    private static final int ROUNDS = Integer.getInteger("stopped.rounds", 3);
    private static final long SEED = Long.getLong("stopped.seed", System.nanoTime());
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double SECONDS = 0.6;
    private static final List<String> WHOLE_RUN =
            List.of(
                    "execution_start",
                    "execution_cached",
                    "executing 1",
                    "executing 2",
                    "executing 3",
                    "executed 3",
                    "execution_success",
                    "executing null");

    private final Random random = new Random(SEED);

    @Test
    void nothing_is_heard_of_a_runner_that_wakes_up_when_its_job_is_anothers(@TempDir Path folder)
            throws Exception {
        try (RunnerFleet fleet = RunnerFleet.start(folder, LEASE);
                HeardMessages client = new HeardMessages(fleet.stack(), "me")) {
            fleet.addRunner();
            fleet.addRunner();
            for (int round = 0; round < ROUNDS; round++) {
                String prompt = submit(fleet, round);
                await().atMost(PATIENCE).until(() -> starts(client, prompt) == 1);
                int stopped = fleet.holder(prompt);
                await().pollDelay(Duration.ofMillis(random.nextInt(400))).until(() -> true);
                fleet.signal(stopped, "STOP");
                await().atMost(PATIENCE)
                        .until(() -> starts(client, prompt) == 2 || isOver(client, prompt));
                await().pollDelay(Duration.ofMillis(random.nextInt(500))).until(() -> true);
                fleet.signal(stopped, "CONT");
                await().atMost(PATIENCE).until(() -> isOver(client, prompt));
                // whoever else woke up has time to say so while the next one runs
                String next = submit(fleet, ROUNDS + round);
                await().atMost(PATIENCE).until(() -> isOver(client, next));
                assertThat(lastRun(client.of(prompt)))
                        .as("seed %d, round %d: %s", SEED, round, client.of(prompt))
                        .isEqualTo(WHOLE_RUN);
                assertThat(endsOf(fleet, prompt)).isEqualTo(1);
            }
            assertThat(fleet.dangling()).isEmpty();
        }
    }

    private static String submit(RunnerFleet fleet, int colour) {
        ObjectNode body = NapGraph.prompt(colour, SECONDS).put("client_id", "me");
        JsonNode answer = fleet.stack().post("/prompt", body).orElseThrow();
        return answer.path("prompt_id").asText();
    }

    private static long starts(HeardMessages client, String prompt) {
        return Collections.frequency(client.of(prompt), "execution_start");
    }

    private static boolean isOver(HeardMessages client, String prompt) {
        return client.of(prompt).contains("executing null");
    }

    private static List<String> lastRun(List<String> story) {
        return story.subList(story.lastIndexOf("execution_start"), story.size());
    }

    private static long endsOf(RunnerFleet fleet, String prompt) throws IOException {
        return Collections.frequency(fleet.toldEnds(), prompt);
    }
}
