package comfyserverless.runner.run;

import comfyserverless.contract.mailbox.Mailbox;
import java.time.Duration;
import java.util.function.LongSupplier;

/// How nodes wait for what clients post to them.
///
/// @param longestWait after this a node that waits fails
/// @param nanos the monotonic clock
public record Mail(Mailbox mailbox, Duration longestWait, LongSupplier nanos, Pause pause) {
    /// Waits.
    @FunctionalInterface
    public interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    /// On this machine's clock.
    public static Mail of(Mailbox mailbox, Duration longestWait) {
        return new Mail(mailbox, longestWait, System::nanoTime, Thread::sleep);
    }
}
