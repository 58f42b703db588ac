package comfyserverless.contract.webhook;

import java.time.Duration;
import java.util.List;

/// The queue of calls to be made, or of those that were given up.
public interface WebhookQueue {
    /// The longest time that a message can be hidden.
    Duration LONGEST_HIDING = Duration.ofHours(12).minusMinutes(5);

    /// A message in the hands of who received it.
    ///
    /// @param receipt names it for [#hide] and [#delete]
    record Received(String receipt, String body) {}

    void send(String body);

    /// Up to ten messages; none after `wait`.
    List<Received> receive(Duration wait);

    /// Shows a received message again after this time, not earlier.
    void hide(String receipt, Duration time);

    void delete(String receipt);
}
