package comfyserverless.contract.state;

import java.time.Duration;

/// A queue and where messages go that nobody could use.
///
/// @param visibility how long a received message is hidden before it shows again
public record QueueDefinition(Duration visibility, Duration retention, int maxReceives) {
    public static final QueueDefinition TICKETS =
            new QueueDefinition(Duration.ofSeconds(60), Duration.ofDays(14), 20);

    /// Calls to webhooks. Those that failed for good are put into the dead letter queue by the function;
    /// the number of receives only ends what breaks the function itself.
    public static final QueueDefinition WEBHOOKS =
            new QueueDefinition(Duration.ofMinutes(3), Duration.ofDays(14), 50);
}
