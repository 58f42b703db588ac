package comfyserverless.contract.job;

import comfyserverless.contract.table.Item;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the table's stream says about a tenant's queue: which changes of a job item its sockets must
/// hear of.
public final class StatusChanges {
    private StatusChanges() {}

    /// The queue of a tenant is no longer what its sockets were told.
    ///
    /// @param wake whether a job waits that was not waiting before, so that runners may be needed
    public record Change(JobKey job, boolean wake) {}

    /// What a stream record means; empty for all but the coming and going of a job and its moves to
    /// and from a runner. A job swept after a clear left the queue with the clear.
    ///
    /// @param before the old image, or null for a new item
    /// @param after the new image, or null for a removed item
    public static Optional<Change> of(@Nullable Item before, @Nullable Item after) {
        if (after == null || !JobItem.isJob(after)) {
            return Optional.empty();
        }
        String was = before == null ? "" : before.text(JobItem.STATE);
        String is = after.text(JobItem.STATE);
        if (was.equals(is) || after.has(JobItem.SWEPT)) {
            return Optional.empty();
        }
        boolean counted = counts(was) || counts(is);
        boolean wake = is.equals(JobState.Pending.LETTER);
        return counted ? Optional.of(new Change(JobItem.jobKey(after), wake)) : Optional.empty();
    }

    private static boolean counts(String letter) {
        return letter.equals(JobState.Pending.LETTER) || letter.equals(JobState.Running.LETTER);
    }
}
