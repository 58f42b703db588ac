package comfyserverless.handlers.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One HTTP request.
///
/// @param path as it was sent, undecoded, so that a `%2F` stays inside its segment
/// @param headers by lower-case name; several of one name joined by commas
/// @param address the client's IP address
@SuppressWarnings("ArrayRecordComponent")
public record Request(
        String method,
        String path,
        Query query,
        Map<String, String> headers,
        List<String> cookies,
        byte[] body,
        String address) {
    public Request {
        headers = Map.copyOf(headers);
        cookies = List.copyOf(cookies);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /// The body as JSON, whatever its content type.
    public JsonNode json() {
        return Json.read(body);
    }

    /// The body as a JSON object.
    public ObjectNode jsonObject() {
        if (json() instanceof ObjectNode object) {
            return object;
        }
        throw HttpProblem.badRequest(
                "invalid_json", "The body is no JSON object", "a JSON object was expected");
    }

    /// The first value of a query parameter.
    public @Nullable String parameter(String name) {
        return query.first(name);
    }
}
