package comfyserverless.contract.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An ended job: what was asked, how it ended, when.
///
/// @param gpu how long the run that ended kept a runner: what the job counts in its tenant's month
public record HistoryEntry(
        QueuedJob job,
        @Nullable String clientId,
        JobResult result,
        Instant created,
        @Nullable Instant started,
        Instant ended,
        Duration gpu) {}
