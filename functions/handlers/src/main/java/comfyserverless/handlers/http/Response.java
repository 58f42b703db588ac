package comfyserverless.handlers.http;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One answer.
///
/// @param headers by lower-case name
@SuppressWarnings("ArrayRecordComponent")
public record Response(int status, Map<String, String> headers, List<String> cookies, byte[] body) {
    public static final String JSON = "application/json; charset=utf-8";
    public static final String TEXT = "text/plain; charset=utf-8";
    public static final String BYTES = "application/octet-stream";

    private static final byte[] NOTHING = new byte[0];

    public Response {
        headers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        cookies = List.copyOf(cookies);
    }

    public static Response json(JsonNode body) {
        return json(200, body);
    }

    public static Response json(int status, JsonNode body) {
        return bytes(status, JSON, Json.writeBytes(body));
    }

    public static Response text(int status, String text) {
        return bytes(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /// An answer without a body, as aiohttp sends it.
    public static Response empty(int status) {
        return bytes(status, BYTES, NOTHING);
    }

    public static Response bytes(int status, String contentType, byte[] body) {
        return new Response(status, Map.of("content-type", contentType), List.of(), body);
    }

    public Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, more, cookies, body);
    }

    /// With this header unless it is there.
    public Response orWith(String header, String value) {
        return headers.containsKey(header) ? this : with(header, value);
    }

    public Response withCookie(String cookie) {
        List<String> more = new java.util.ArrayList<>(cookies);
        more.add(cookie);
        return new Response(status, headers, more, body);
    }

    public Response withBody(byte[] other) {
        return new Response(status, headers, cookies, other);
    }

    /// The same answer to a HEAD request.
    public Response head() {
        return new Response(status, headers, cookies, NOTHING);
    }
}
