package comfyserverless.handlers.http;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;

/// The one limit of every body, counted as it stands in the event: files as base64, JSON as an escaped
/// text. It keeps clear of what Lambda takes (6 MB) and of what API Gateway takes (10 MB).
public final class BodyLimit {
    /// Bytes in the event: files of up to 3 MB.
    public static final int ENCODED = 4 << 20;

    private BodyLimit() {}

    /// How many bytes the body of an event takes there. Escaping may double a text and more, so only
    /// one that could exceed the limit is written out.
    public static long encoded(JsonNode event) {
        JsonNode body = event.path("body");
        int length = body.asText("").length();
        boolean plain = event.path("isBase64Encoded").asBoolean(false) || length < ENCODED / 6;
        return plain ? length : Json.writeBytes(body).length;
    }

    public static HttpProblem exceeded(long encoded) {
        return HttpProblem.of(
                413,
                "body_too_large",
                "The request is larger than the server takes",
                encoded
                        + " bytes as they are encoded on the way, at most "
                        + ENCODED
                        + " are taken; larger files, masks and prompts go by POST"
                        + " /api/upload/presign, a PUT to the address that it gives, and POST"
                        + " /api/upload/complete");
    }
}
