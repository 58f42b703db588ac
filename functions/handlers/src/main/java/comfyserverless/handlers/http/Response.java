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

    /// An answer without a body and so without a type of one, as aiohttp sends it.
    public static Response empty(int status) {
        return new Response(status, Map.of(), List.of(), NOTHING);
    }

    /// No such file of the page: aiohttp's 404 for what lies in a static folder.
    public static Response noFile() {
        return bytes(404, BYTES, NOTHING);
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

    public Response withStatus(int other) {
        return new Response(other, headers, cookies, body);
    }

    public Response without(String header) {
        Map<String, String> fewer = new LinkedHashMap<>(headers);
        fewer.remove(header);
        return new Response(status, fewer, cookies, body);
    }

    /// The same answer to a HEAD request: no body, and its length where it is known.
    public Response head() {
        Response sized =
                body.length == 0 ? this : orWith("content-length", String.valueOf(body.length));
        return sized.withBody(NOTHING);
    }
}
