package comfyserverless.admin.model;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// Closes a stream from which nothing comes any more: a read of it would wait for ever.
final class StallWatch implements AutoCloseable {
    private final InputStream watched;
    private final Duration patience;
    private final Thread watcher;
    private volatile boolean moved;
    private volatile boolean stalled;

    StallWatch(InputStream watched, Duration patience) {
        this.watched = watched;
        this.patience = patience;
        this.watcher = Thread.ofVirtual().name("stall-watch").start(this::watch);
    }

    private void watch() {
        try {
            do {
                moved = false;
                Thread.sleep(patience);
            } while (moved);
            stalled = true;
            watched.close();
        } catch (InterruptedException | IOException e) {
            // The stream is done with.
            Thread.currentThread().interrupt();
        }
    }

    /// Something came.
    void move() {
        moved = true;
    }

    /// Whether the stream was closed because nothing came.
    boolean isStalled() {
        return stalled;
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
