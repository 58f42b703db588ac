package comfyserverless.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file whose time the process renews every ten seconds while it can take or run jobs: the container's health
/// check looks at its age.
final class HealthFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthFile.class);
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final Path file;
    private final BooleanSupplier healthy;
    private final Clock clock;
    private final CountDownLatch closed = new CountDownLatch(1);

    HealthFile(Path file, BooleanSupplier healthy, Clock clock) {
        this.file = file;
        this.healthy = healthy;
        this.clock = clock;
    }

    HealthFile start() {
        Thread.ofVirtual().name("health").start(this::run);
        return this;
    }

    private void run() {
        try {
            do {
                renew();
            } while (!closed.await(EVERY.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void renew() {
        if (!healthy.getAsBoolean()) {
            return;
        }
        try {
            if (Files.notExists(file)) {
                Files.createFile(file);
            }
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
        } catch (IOException e) {
            LOG.warn("{} cannot be renewed", file, e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
