package comfyserverless.localstack.conformance;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import comfyserverless.contract.conformance.Recordings;
import comfyserverless.contract.conformance.Variables;
import comfyserverless.contract.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes a request of a recorded step, its variables filled in.
final class RecordedRequest {
    private static final ObjectWriter ASCII =
            Json.mapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private final String prefix;
    private final Variables variables;

    /// Requests below a prefix.
    ///
    /// @param prefix empty, or `/api`
    RecordedRequest(String prefix, Variables variables) {
        this.prefix = prefix;
        this.variables = variables;
    }

    RawHttp.Request of(JsonNode recorded) throws IOException {
        String path = variables.fill(recorded.path("path").asText());
        String target = recorded.path("no_prefix").asBoolean() ? path : prefix + path;
        String query = query(recorded.path("query"));
        Map<String, String> headers = new LinkedHashMap<>();
        recorded.path("headers")
                .properties()
                .forEach(h -> headers.put(h.getKey(), variables.fill(h.getValue()).asText()));
        byte[] body = body(recorded, headers);
        return new RawHttp.Request(
                recorded.path("method").asText(),
                query.isEmpty() ? target : target + "?" + query,
                headers,
                body);
    }

    /// A query as Python's urlencode writes it.
    ///
    /// @param recorded an object, or a list of pairs
    String query(JsonNode recorded) {
        List<String> pairs = new ArrayList<>();
        if (recorded.isArray()) {
            recorded.forEach(pair -> pairs.add(pair(pair.path(0).asText(), pair.path(1))));
        } else {
            recorded.properties().forEach(e -> pairs.add(pair(e.getKey(), e.getValue())));
        }
        return String.join("&", pairs);
    }

    private String pair(String name, JsonNode value) {
        return encoded(variables.fill(name)) + "=" + encoded(variables.fill(value).asText());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private byte @Nullable [] body(JsonNode recorded, Map<String, String> headers)
            throws IOException {
        if (recorded.has("multipart")) {
            String boundary = "conform" + UUID.randomUUID().toString().replace("-", "");
            headers.put("Content-Type", "multipart/form-data; boundary=" + boundary);
            return multipart(recorded.path("multipart"), boundary);
        }
        if (recorded.has("json")) {
            if (headers.keySet().stream().noneMatch(RecordedRequest::isContentType)) {
                headers.put("Content-Type", "application/json");
            }
            return ASCII.writeValueAsBytes(variables.fill(recorded.path("json")));
        }
        if (recorded.has("body_file")) {
            return Recordings.file(recorded.path("body_file").asText());
        }
        return recorded.has("text") ? utf8(variables.fill(recorded.path("text").asText())) : null;
    }

    private static boolean isContentType(String name) {
        return name.toLowerCase(Locale.ROOT).equals("content-type");
    }

    private byte[] multipart(JsonNode parts, String boundary) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (JsonNode part : parts) {
            body.write(utf8("--" + boundary + "\r\nContent-Disposition: form-data; name=\""));
            body.write(utf8(variables.fill(part.path("name").asText()) + "\""));
            if (part.has("filename")) {
                String name = variables.fill(part.path("filename").asText());
                body.write(utf8("; filename=\"" + name + "\""));
            }
            if (part.has("content_type")) {
                body.write(utf8("\r\nContent-Type: " + part.path("content_type").asText()));
            }
            body.write(utf8("\r\n\r\n"));
            body.write(value(part));
            body.write(utf8("\r\n"));
        }
        body.write(utf8("--" + boundary + "--\r\n"));
        return body.toByteArray();
    }

    private byte[] value(JsonNode part) throws IOException {
        if (part.has("value_json")) {
            return ASCII.writeValueAsBytes(variables.fill(part.path("value_json")));
        }
        return part.has("file")
                ? Recordings.file(variables.fill(part.path("file").asText()))
                : utf8(variables.fill(part.path("value")).asText());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
