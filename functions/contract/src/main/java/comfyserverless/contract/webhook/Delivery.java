package comfyserverless.contract.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A call and what became of it so far.
///
/// @param tries how often it was made, since it was last asked for
/// @param at when it was last tried, or the try under way began
/// @param answer what the last try met: `200`, `503`, or why there was no answer
/// @param payload what is sent, JSON
public record Delivery(
        WebhookTask task,
        State state,
        int tries,
        Instant at,
        @Nullable String answer,
        String payload) {
    /// Where a call stands.
    public enum State {
        /// It is tried again, or just now.
        WAITING,
        DELIVERED,
        /// The receiver said 410, or its address is no longer set.
        GONE,
        /// Every try failed: it lies in the dead letter queue.
        FAILED
    }

    public String id() {
        return task.id();
    }
}
