package comfyserverless.contract.state;

import java.time.Duration;

/// The queue of tickets and where tickets go that nobody could use.
///
/// @param visibility how long a received ticket is hidden before it shows again
public record QueueDefinition(Duration visibility, Duration retention, int maxReceives) {
    public static final QueueDefinition TICKETS =
            new QueueDefinition(Duration.ofSeconds(60), Duration.ofDays(14), 20);
}
