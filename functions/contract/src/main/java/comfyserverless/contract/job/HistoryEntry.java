package comfyserverless.contract.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An ended job: what was asked, how it ended, when.
public record HistoryEntry(
        QueuedJob job,
        @Nullable String clientId,
        JobResult result,
        Instant created,
        @Nullable Instant started,
        Instant ended) {}
