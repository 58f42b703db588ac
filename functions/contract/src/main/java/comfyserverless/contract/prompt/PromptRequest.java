package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The body of POST /prompt, read and checked as far as that goes without knowing any node.
///
/// @param prompt the graph as sent, null if there was none
/// @param number the number that the client gave, null if it gave none (then the counter's is taken)
/// @param front whether the counter's number is to be negated
/// @param promptId the id that the client gave, null if it gave none
/// @param clientId whom the events go to, null for nobody
/// @param targets the output nodes to run, null for all
/// @param extraData as stored: with client_id, without secrets
/// @param secrets what was taken out of extra_data, never stored or shown; a webhook may also stand
///     beside the prompt
/// @param hash SHA-256 (hex) of prompt, targets, number and front as sent
public record PromptRequest(
        @Nullable JsonNode prompt,
        @Nullable Double number,
        boolean front,
        @Nullable String promptId,
        @Nullable String clientId,
        @Nullable List<String> targets,
        ObjectNode extraData,
        Map<String, JsonNode> secrets,
        String hash) {
    /// The name of the webhook in [#secrets].
    public static final String WEBHOOK = "webhook";

    public PromptRequest {
        targets = targets == null ? null : List.copyOf(targets);
        secrets = Map.copyOf(secrets);
    }

    /// Reads a body.
    ///
    /// @throws RefusedPrompt if it is no JSON object or a field has no usable value
    public static PromptRequest read(byte[] body) {
        return PromptReader.read(body, body);
    }

    /// Reads a body that was changed on the way from its client.
    ///
    /// @param sent the body as the client sent it, which the hash is of
    /// @throws RefusedPrompt if one of them is no JSON object or a field has no usable value
    public static PromptRequest readChanged(byte[] body, byte[] sent) {
        return PromptReader.read(body, sent);
    }

    /// The job's number, given the counter's next one: what the client sent, else the counter's,
    /// negated for `front`.
    public double numberOr(long next) {
        if (number != null) {
            return number;
        }
        return front ? -(double) next : next;
    }

    /// Whether the client's own id makes a second send a retry: it is a canonical UUID.
    public boolean retryable() {
        return promptId != null && PromptIds.isCanonicalUuid(promptId);
    }
}
