package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import comfyserverless.aws.SettingsFile;
import comfyserverless.localstack.smoke.Inside;
import comfyserverless.localstack.smoke.Outcome;
import comfyserverless.localstack.smoke.Smoke;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The checks that are meant for a deployment hold on the local gateway, which imitates one.
class SmokeIT {
    private static final Duration START = Duration.ofMinutes(2);

    /// Nobody waits eleven minutes here.
    private static final Duration SILENCE = Duration.ofSeconds(1);

    @TempDir private Path folder;

    @Test
    void every_assumption_holds_on_the_local_gateway() throws Exception {
        try (StackProcess stack = new StackProcess(folder)) {
            stack.start("--runners", "none");
            Path told = folder.resolve("data").resolve(SettingsFile.NAME);
            await().atMost(START)
                    .until(() -> stack.get("/prompt").isPresent() && Files.exists(told));
            try (Inside inside = Inside.ofLocalStack(folder.resolve("data"), "default")) {
                Smoke.Extent all = new Smoke.Extent(null, inside, SILENCE);
                List<Outcome> outcomes = Smoke.of(stack.uri(), null, all).run();
                assertThat(outcomes).hasSize(15).allMatch(Outcome::holds);
            }
        }
    }
}
