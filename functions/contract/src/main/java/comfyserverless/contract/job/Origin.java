package comfyserverless.contract.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a job was made from; none of it changes while a runner has it.
///
/// @param seq order of acceptance in the tenant; the clear mark compares with it
/// @param body the name under which its [PromptBody] is stored
/// @param requestHash SHA-256 (hex) of what the client sent, [NewJob#requestHash]
/// @param catalogueDigest the catalogue that validated it
/// @param created when it was accepted
/// @param hook the mark of a job that has a webhook, [Hook#text], or null
/// @param trace the [TraceId] of the request that brought it, or null
public record Origin(
        long seq,
        String body,
        String requestHash,
        String catalogueDigest,
        Instant created,
        @Nullable String hook,
        @Nullable String trace) {
    /// Without a webhook, of no traced request.
    public Origin(
            long seq, String body, String requestHash, String catalogueDigest, Instant created) {
        this(seq, body, requestHash, catalogueDigest, created, null, null);
    }
}
