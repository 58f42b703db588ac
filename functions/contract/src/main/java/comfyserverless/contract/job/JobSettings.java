package comfyserverless.contract.job;

import java.time.Duration;

/// The protocol's numbers.
///
/// @param pool the runners' pool
/// @param lease how long a claim or a heartbeat holds a job
/// @param grace how long after its end a lease counts as lost
/// @param tombstone how long a deleted job's id stays known
/// @param idleTenant after how long without work or new prompts a tenant leaves the rounds
/// @param parallelPerClient whether several jobs of one client with an open socket may run at once
public record JobSettings(
        String pool,
        Duration lease,
        Duration grace,
        Duration tombstone,
        Duration idleTenant,
        boolean parallelPerClient) {
    /// After this many lost leases a job ends as an error.
    static final int MOST_TRIES = 3;

    /// How many jobs, or tenants, a claim looks at before it asks for more.
    static final int CANDIDATES = 16;

    /// History shows the newest entries up to this number, as ComfyUI does.
    static final int HISTORY = 10_000;

    /// Bodies beyond this size lie in the object store.
    static final int INLINE_BODY = 300 * 1024;

    /// Summaries beyond this size lie in the object store.
    static final int INLINE_SUMMARY = 8 * 1024;

    /// From this size of a tenant's item collection on, new prompts are refused (the limit is 10 GB).
    static final double FULL_GIGABYTES = 8.0;

    public static JobSettings standard() {
        return new JobSettings(
                "default",
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                Duration.ofHours(24),
                Duration.ofMinutes(10),
                false);
    }

    public JobSettings withLease(Duration other) {
        return new JobSettings(pool, other, grace, tombstone, idleTenant, parallelPerClient);
    }

    public JobSettings withParallelPerClient(boolean other) {
        return new JobSettings(pool, lease, grace, tombstone, idleTenant, other);
    }
}
