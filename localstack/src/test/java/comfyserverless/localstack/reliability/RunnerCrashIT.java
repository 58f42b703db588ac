package comfyserverless.localstack.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// R1: runner processes are killed at random moments, and every prompt ends once. `-Drunners.prompts=1000
/// -Drunners.processes=8 -Drunners.kills=100` is its full size.
class RunnerCrashIT {
    private static final int PROMPTS = Integer.getInteger("runners.prompts", 40);
    private static final int PROCESSES = Integer.getInteger("runners.processes", 2);
    private static final int KILLS = Integer.getInteger("runners.kills", 4);
    private static final long SEED = Long.getLong("runners.seed", System.nanoTime());
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Test
    void every_prompt_ends_once_however_often_runners_are_killed(@TempDir Path folder)
            throws Exception {
        Random random = new Random(SEED);
        try (RunnerFleet fleet = RunnerFleet.start(folder, LEASE)) {
            for (int runner = 0; runner < PROCESSES; runner++) {
                fleet.addRunner();
            }
            List<String> prompts = new ArrayList<>();
            for (int i = 0; i < PROMPTS; i++) {
                double seconds = 0.02 + random.nextInt(180) / 1000.0;
                JsonNode answer =
                        fleet.stack().post("/prompt", NapGraph.prompt(i, seconds)).orElseThrow();
                prompts.add(answer.path("prompt_id").asText());
            }
            for (int kill = 0; kill < KILLS; kill++) {
                int ended = kill * PROMPTS / (KILLS + 1);
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(1 + random.nextInt(150)))
                        .until(() -> fleet.toldEnds().size() >= ended);
                fleet.replace(random.nextInt(PROCESSES));
            }
            for (String prompt : prompts) {
                await().atMost(PATIENCE).until(() -> fleet.ended(prompt).isPresent());
            }
            check(fleet, prompts);
        }
    }

    private static void check(RunnerFleet fleet, List<String> prompts) throws IOException {
        JsonNode history = fleet.stack().get("/history").orElseThrow();
        assertThat(history).as("seed %d", SEED).hasSize(PROMPTS);
        assertThat(prompts).allSatisfy(id -> assertThat(isRightEnd(history.path(id))).isTrue());
        assertThat(fleet.toldEnds())
                .as("ends of each prompt that a runner was told to be its own, seed %d", SEED)
                .doesNotHaveDuplicates();
        assertThat(fleet.ports().jobs().queueRemaining("default")).isZero();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(fleet.dangling()).as("seed %d", SEED).isEmpty());
    }

    /// With its picture, unless three of its runners in a row were killed.
    private static boolean isRightEnd(JsonNode entry) {
        boolean lost = entry.at("/status/messages").toString().contains("RunnerLost");
        boolean succeeded = entry.at("/status/status_str").asText().equals("success");
        return lost || (succeeded && entry.at("/outputs/3/images").size() == 1);
    }
}
