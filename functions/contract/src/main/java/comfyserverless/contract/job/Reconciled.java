package comfyserverless.contract.job;

import java.util.List;

/// What a round of [Reconcile] did.
///
/// @param requeued jobs that are pending again
/// @param ended jobs that ended because nobody ran them any more; their clients should be told
/// @param swept jobs and history entries that a clear had hidden and that are gone now
/// @param tickets how many wake-up calls were sent
/// @param load the work that is left
public record Reconciled(
        List<JobKey> requeued, List<JobKey> ended, int swept, int tickets, Load load) {
    public Reconciled {
        requeued = List.copyOf(requeued);
        ended = List.copyOf(ended);
    }
}
