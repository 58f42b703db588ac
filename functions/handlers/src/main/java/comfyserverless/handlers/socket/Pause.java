package comfyserverless.handlers.socket;

import java.time.Duration;

/// Waits.
@FunctionalInterface
public interface Pause {
    void sleep(Duration time) throws InterruptedException;
}
