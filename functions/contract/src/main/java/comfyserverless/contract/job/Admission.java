package comfyserverless.contract.job;

import comfyserverless.contract.account.LimitReached;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Whether a tenant may queue a prompt, as its item said when the prompt's turn was drawn.
///
/// @param mostPending how many of its prompts may wait
/// @param usualRun how long a run of its jobs takes on average this month; what to tell those who find the
///     queue full
/// @param usedUp what it has no more of today, or null
/// @param closing whether it is being deleted
public record Admission(
        long mostPending, Duration usualRun, @Nullable LimitReached usedUp, boolean closing) {
    /// Where nothing is limited.
    public static final Admission FREE = new Admission(Long.MAX_VALUE, Duration.ZERO, null, false);
}
