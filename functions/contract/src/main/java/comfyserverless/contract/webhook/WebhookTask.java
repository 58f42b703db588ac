package comfyserverless.contract.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.contract.table.Digests;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;

/// One call to be made: an event of a job for the one who asked. It travels through the queue and names
/// everything; it holds neither address nor secret.
///
/// @param body the name of the job's acceptance, which tells jobs of one id apart
/// @param number the job's number, for one whose item is gone when the call is made
/// @param created when the job was accepted
/// @param round how often it was asked for anew; what the queue still holds of earlier rounds is void
public record WebhookTask(
        String tenant,
        String promptId,
        String body,
        Hook.Source source,
        WebhookEvent event,
        double number,
        Instant created,
        int round) {
    private static final int UNUSED_DIGITS = 5;
    private static final int DIGEST_LENGTH = 16;

    /// As a job asks for it.
    public WebhookTask(
            String tenant,
            String promptId,
            String body,
            Hook.Source source,
            WebhookEvent event,
            double number,
            Instant created) {
        this(tenant, promptId, body, source, event, number, created, 0);
    }

    /// The same call, asked for once more.
    public WebhookTask again() {
        return new WebhookTask(tenant, promptId, body, source, event, number, created, round + 1);
    }

    /// The `webhook-id`: the same for every try of this call, and for no other. In the order in which the
    /// jobs were accepted.
    public String id() {
        String named = String.join("\n", tenant, promptId, body, event.word());
        String digest = Digests.hex(named.getBytes(StandardCharsets.UTF_8));
        String accepted = HexFormat.of().toHexDigits(created.toEpochMilli());
        return "msg_" + accepted.substring(UNUSED_DIGITS) + digest.substring(0, DIGEST_LENGTH);
    }

    public String json() {
        return Json.write(
                Json.object()
                        .put("tenant", tenant)
                        .put("prompt_id", promptId)
                        .put("body", body)
                        .put("source", source.name())
                        .put("event", event.name())
                        .put("number", number)
                        .put("created", created.toEpochMilli())
                        .put("round", round));
    }

    /// Reads the text of [#json].
    ///
    /// @throws IllegalArgumentException if it is none
    public static WebhookTask of(String json) {
        try {
            JsonNode task = Json.readStored(json.getBytes(StandardCharsets.UTF_8));
            return new WebhookTask(
                    task.required("tenant").asText(),
                    task.required("prompt_id").asText(),
                    task.required("body").asText(),
                    Hook.Source.valueOf(task.required("source").asText()),
                    WebhookEvent.valueOf(task.required("event").asText()),
                    task.required("number").asDouble(),
                    Instant.ofEpochMilli(task.required("created").asLong()),
                    // tasks of the version before have none
                    task.path("round").asInt());
        } catch (MalformedJson e) {
            throw new IllegalArgumentException("no webhook task: " + json, e);
        }
    }
}
