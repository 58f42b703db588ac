package comfyserverless.handlers.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// API Gateway's HTTP event of payload version 2.0 as a [Request], and a [Response] as the answer it
/// expects.
public final class PayloadV2 {
    /// The undecoded path, put in by CloudFront (or the local gateway).
    public static final String ORIGINAL_PATH = "x-original-path";

    /// The host as the viewer named it, put in by CloudFront, which may not forward it as `host`.
    public static final String VIEWER_HOST = "x-viewer-host";

    /// The viewer's IP address, put in by CloudFront: the event knows CloudFront's only.
    public static final String VIEWER_ADDRESS = "x-viewer-address";

    private PayloadV2() {}

    /// Reads an event.
    ///
    /// @param trusted whether the event came through our CloudFront (or local gateway), so that its
    ///     extra headers may be believed
    public static Request request(JsonNode event, boolean trusted) {
        String original = headers(event).get(ORIGINAL_PATH);
        String path =
                trusted && original != null
                        ? withoutQuery(original)
                        : event.path("rawPath").asText("/").replace("%", "%25");
        List<String> cookies = new ArrayList<>();
        event.path("cookies").forEach(cookie -> cookies.add(cookie.asText()));
        JsonNode http = event.path("requestContext").path("http");
        return new Request(
                http.path("method").asText("GET"),
                path,
                Query.parse(event.path("rawQueryString").asText("")),
                headers(event, trusted),
                cookies,
                body(event),
                address(event, trusted));
    }

    private static String address(JsonNode event, boolean trusted) {
        String viewer = headers(event).get(VIEWER_ADDRESS);
        return trusted && viewer != null
                ? viewer
                : event.at("/requestContext/http/sourceIp").asText("");
    }

    /// An event's headers by lower-case name; the viewer's host stands as `host`.
    public static Map<String, String> headers(JsonNode event, boolean trusted) {
        Map<String, String> headers = headers(event);
        headers.remove(ORIGINAL_PATH);
        headers.remove(VIEWER_ADDRESS);
        String viewerHost = headers.remove(VIEWER_HOST);
        if (trusted && viewerHost != null) {
            headers.put("host", viewerHost);
        }
        return headers;
    }

    /// Whether the event carries one of the secrets by which CloudFront (or the local gateway) shows
    /// that the request came through it.
    public static boolean carries(JsonNode event, String header, List<String> secrets) {
        byte[] given = headers(event).getOrDefault(header, "").getBytes(StandardCharsets.UTF_8);
        boolean found = false;
        for (String secret : secrets) {
            found |=
                    java.security.MessageDigest.isEqual(
                            given, secret.getBytes(StandardCharsets.UTF_8));
        }
        return found;
    }

    /// Writes an answer; bodies that are no text travel as base64.
    public static void write(Response response, ObjectMapper mapper, OutputStream out)
            throws IOException {
        try (JsonGenerator json = mapper.getFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("statusCode", response.status());
            json.writeObjectFieldStart("headers");
            for (Map.Entry<String, String> header : response.headers().entrySet()) {
                json.writeStringField(header.getKey(), header.getValue());
            }
            json.writeEndObject();
            if (!response.cookies().isEmpty()) {
                json.writeArrayFieldStart("cookies");
                for (String cookie : response.cookies()) {
                    json.writeString(cookie);
                }
                json.writeEndArray();
            }
            boolean text = isText(response);
            json.writeBooleanField("isBase64Encoded", !text);
            if (text) {
                json.writeStringField("body", new String(response.body(), StandardCharsets.UTF_8));
            } else {
                json.writeStringField("body", Base64.getEncoder().encodeToString(response.body()));
            }
            json.writeEndObject();
        }
    }

    private static boolean isText(Response response) {
        if (response.body().length == 0) {
            return true;
        }
        String type = response.headers().getOrDefault("content-type", "");
        boolean declared =
                type.endsWith("charset=utf-8")
                        && !response.headers().containsKey("content-encoding");
        return declared && Utf8.isValid(response.body());
    }

    private static Map<String, String> headers(JsonNode event) {
        Map<String, String> headers = new HashMap<>();
        event.path("headers")
                .properties()
                .forEach(h ->
                        headers.put(h.getKey().toLowerCase(Locale.ROOT), h.getValue().asText()));
        return headers;
    }

    private static byte[] body(JsonNode event) {
        String body = event.path("body").asText("");
        return event.path("isBase64Encoded").asBoolean(false)
                ? Base64.getDecoder().decode(body)
                : body.getBytes(StandardCharsets.UTF_8);
    }

    private static String withoutQuery(String path) {
        int mark = path.indexOf('?');
        return mark < 0 ? path : path.substring(0, mark);
    }
}
