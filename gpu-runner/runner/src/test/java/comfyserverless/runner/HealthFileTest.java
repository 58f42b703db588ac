package comfyserverless.runner;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.fake.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthFileTest {
    @TempDir private Path folder;

    @Test
    void the_file_is_as_old_as_the_process_is_unwell() throws IOException {
        ManualClock clock = new ManualClock();
        AtomicBoolean healthy = new AtomicBoolean(true);
        Path file = folder.resolve("alive");
        try (HealthFile health = new HealthFile(file, healthy::get, clock)) {
            health.renew();
            FileTime first = Files.getLastModifiedTime(file);
            clock.advance(Duration.ofSeconds(10));
            health.renew();
            assertThat(Files.getLastModifiedTime(file)).isGreaterThan(first);
            healthy.set(false);
            FileTime last = Files.getLastModifiedTime(file);
            clock.advance(Duration.ofMinutes(1));
            health.renew();
            assertThat(Files.getLastModifiedTime(file)).isEqualTo(last);
        }
    }
}
