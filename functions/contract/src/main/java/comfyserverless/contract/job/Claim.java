package comfyserverless.contract.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A runner's hold on a job: good until the lease ends or `fence` has moved on.
///
/// @param fence in every condition, object key and event of this run; never repeats for a job
/// @param own the runner process that holds it
/// @param clientId whom its events go to, or null
/// @param at when it was taken
public record Claim(
        JobKey key,
        double number,
        long fence,
        String own,
        @Nullable String clientId,
        Instant at,
        Origin origin) {
    /// What logs call it: the job, with the trace of the request that brought it.
    public String label() {
        return origin.trace() == null ? key.toString() : key + " (trace " + origin.trace() + ")";
    }
}
