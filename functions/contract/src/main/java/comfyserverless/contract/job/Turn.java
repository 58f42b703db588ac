package comfyserverless.contract.job;

import org.jspecify.annotations.Nullable;

/// A place among a tenant's prompts, drawn before one is judged.
///
/// @param number the tenant's counter of prompts without a number of their own, from 0
/// @param seq the order of acceptance: what a clear of the queue reaches
/// @param clearSeq how far the last clear before it reached
/// @param hook what marks the jobs of a tenant that has a webhook, or null
/// @param admission whether the tenant may queue one more
public record Turn(
        long number, long seq, long clearSeq, @Nullable String hook, Admission admission) {
    /// Of a tenant without a webhook and limits.
    public Turn(long number, long seq, long clearSeq) {
        this(number, seq, clearSeq, null, Admission.FREE);
    }
}
