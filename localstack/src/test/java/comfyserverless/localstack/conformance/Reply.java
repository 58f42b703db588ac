package comfyserverless.localstack.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// An HTTP answer as it came.
///
/// @param headers by lower-case name; of equal names the last
@SuppressWarnings("ArrayRecordComponent")
record Reply(int status, Map<String, String> headers, byte[] body) {
    Reply {
        headers = Map.copyOf(headers);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /// The body's JSON, or empty if it is none.
    Optional<JsonNode> json() {
        try {
            return Optional.of(Json.readStored(body));
        } catch (MalformedJson e) {
            return Optional.empty();
        }
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "HTTP " + status + " " + Json.write(Json.object().put("body", start()));
    }

    private String start() {
        String text = text();
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
