package comfyserverless.runner.claim;

import java.time.Duration;

/// How a runner keeps its jobs.
///
/// @param lease how long a claim holds without a heartbeat (60 s; tests 3 s)
/// @param heartbeat how often the lease is renewed (10 s)
/// @param look how often cancel and a new socket of the client are looked for (1 s)
/// @param poll how long one request waits for a ticket (20 s)
/// @param drain how long the last messages of a job may take (10 s)
public record RunnerSettings(
        Duration lease, Duration heartbeat, Duration look, Duration poll, Duration drain) {
    public RunnerSettings {
        if (heartbeat.multipliedBy(2).compareTo(lease) > 0) {
            throw new IllegalArgumentException(
                    "heartbeat " + heartbeat + " is more than half of the lease " + lease);
        }
    }

    /// The production values.
    public static RunnerSettings standard() {
        return withLease(Duration.ofSeconds(60));
    }

    /// With another time between two looks for a cancel.
    public RunnerSettings looking(Duration interval) {
        return new RunnerSettings(lease, heartbeat, interval, poll, drain);
    }

    /// All times that depend on the lease in proportion to it.
    public static RunnerSettings withLease(Duration lease) {
        return new RunnerSettings(
                lease,
                lease.dividedBy(6),
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                Duration.ofSeconds(10));
    }
}
