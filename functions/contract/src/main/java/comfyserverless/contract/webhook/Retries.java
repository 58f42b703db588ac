package comfyserverless.contract.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// When a call that failed is made again: the times of Standard Webhooks, as far as a message can be
/// hidden. The last try is 17 h 35 min after the first.
public final class Retries {
    private static final List<Duration> DELAYS =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofHours(2),
                    Duration.ofHours(5),
                    Duration.ofHours(10));

    private Retries() {}

    /// How long to wait after that many tries; empty if that was the last.
    public static Optional<Duration> after(int tries) {
        return tries <= DELAYS.size() ? Optional.of(DELAYS.get(tries - 1)) : Optional.empty();
    }
}
