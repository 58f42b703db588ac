package comfyserverless.contract.job;

import comfyserverless.contract.webhook.WebhookTarget;
import org.jspecify.annotations.Nullable;

/// A validated prompt on its way into the queue.
///
/// @param number its place: smaller runs first; equal numbers run in the order of the prompt id
/// @param clientId whom its events are for; null sends only the broadcast ones
/// @param requestHash SHA-256 (hex) of prompt, targets, number and front as the client sent them
/// @param retryable whether the id makes a second send of the same request a retry (canonical UUID
///     or Idempotency-Key) rather than a new job
/// @param catalogueDigest the catalogue that validated it
/// @param webhook whom to call when it starts or ends, before the tenant's own; or null
/// @param trace the [TraceId] of the request that brought it, or null
public record NewJob(
        JobKey key,
        double number,
        @Nullable String clientId,
        PromptBody body,
        String requestHash,
        boolean retryable,
        String catalogueDigest,
        @Nullable WebhookTarget webhook,
        @Nullable String trace) {
    /// Without a webhook of its own, of no traced request.
    public NewJob(
            JobKey key,
            double number,
            @Nullable String clientId,
            PromptBody body,
            String requestHash,
            boolean retryable,
            String catalogueDigest) {
        this(key, number, clientId, body, requestHash, retryable, catalogueDigest, null, null);
    }

    /// The same job, calling that webhook.
    public NewJob withWebhook(@Nullable WebhookTarget other) {
        return new NewJob(
                key, number, clientId, body, requestHash, retryable, catalogueDigest, other, trace);
    }

    /// The same job, of a request with this [TraceId].
    public NewJob withTrace(@Nullable String id) {
        return new NewJob(
                key, number, clientId, body, requestHash, retryable, catalogueDigest, webhook, id);
    }

    public NewJob {
        if (!JobKey.isPromptId(key.promptId())) {
            throw new IllegalArgumentException("\"" + key.promptId() + "\" is no prompt id");
        }
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("number " + number + " is not finite");
        }
        number = number == 0.0 ? 0.0 : number;
    }
}
