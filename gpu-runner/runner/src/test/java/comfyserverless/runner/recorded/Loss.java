package comfyserverless.runner.recorded;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Which call of a runner loses its answer, or brings something worse.
public enum Loss {
    CLAIM,
    START,
    GIVE_BACK_ALL,
    /// Nothing that a store says.
    HEARTBEAT;

    RuntimeException failure() {
        return this == HEARTBEAT
                ? new IllegalStateException("a broken heartbeat")
                : new UncheckedIOException(new IOException("the answer was lost: " + this));
    }
}
