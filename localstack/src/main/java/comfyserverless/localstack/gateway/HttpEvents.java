package comfyserverless.localstack.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.HttpEntry;
import comfyserverless.handlers.http.PayloadV2;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// HTTP requests as API Gateway's events (payload 2.0, the documentation's example).
final class HttpEvents {
    private static final Set<String> OURS =
            Set.of(
                    HttpEntry.ORIGIN_SECRET,
                    PayloadV2.ORIGINAL_PATH,
                    PayloadV2.VIEWER_HOST,
                    PayloadV2.VIEWER_ADDRESS);

    private HttpEvents() {}

    static ObjectNode event(Request request, byte[] body, String originSecret) {
        String path = request.getHttpURI().getPath();
        String rawQuery = request.getHttpURI().getQuery();
        ObjectNode event = Json.object();
        event.put("version", "2.0").put("routeKey", "$default");
        event.put("rawPath", rawPath(path)).put("rawQueryString", rawQuery == null ? "" : rawQuery);
        cookies(event, request.getHeaders());
        headers(event, request.getHeaders())
                .put(PayloadV2.ORIGINAL_PATH, path)
                .put(HttpEntry.ORIGIN_SECRET, originSecret);
        query(event, rawQuery);
        context(event, request, rawPath(path));
        body(event, request, body);
        return event;
    }

    /// HTTP API decodes the path and cuts it at a decoded question mark.
    static String rawPath(String path) {
        String decoded = decode(path.replace("+", "%2B"));
        int mark = decoded.indexOf('?');
        return mark < 0 ? decoded : decoded.substring(0, mark);
    }

    /// The headers by lower-case name, several of one name joined; never those that the gateway sets.
    static ObjectNode headers(ObjectNode event, HttpFields fields) {
        Map<String, String> joined = new LinkedHashMap<>();
        for (HttpField field : fields) {
            String name = field.getName().toLowerCase(Locale.ROOT);
            if (!OURS.contains(name) && !name.equals("cookie")) {
                String value = field.getValue() == null ? "" : field.getValue();
                joined.merge(name, value, (a, b) -> a + "," + b);
            }
        }
        ObjectNode headers = event.putObject("headers");
        joined.forEach(headers::put);
        return headers;
    }

    private static void cookies(ObjectNode event, HttpFields fields) {
        ArrayNode cookies = Json.mapper().createArrayNode();
        for (String line : fields.getValuesList("cookie")) {
            for (String cookie : line.split(";", -1)) {
                if (!cookie.isBlank()) {
                    cookies.add(cookie.strip());
                }
            }
        }
        if (!cookies.isEmpty()) {
            event.set("cookies", cookies);
        }
    }

    /// The decoded query parameters; several of one name joined by commas.
    static void query(ObjectNode event, @Nullable String rawQuery) {
        if (rawQuery == null || rawQuery.isEmpty()) {
            return;
        }
        Map<String, String> joined = new LinkedHashMap<>();
        for (String pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            joined.merge(name, value, (a, b) -> a + "," + b);
        }
        ObjectNode parameters = event.putObject("queryStringParameters");
        joined.forEach(parameters::put);
    }

    private static void context(ObjectNode event, Request request, String rawPath) {
        Instant now = Instant.now();
        ObjectNode context = event.putObject("requestContext");
        context.put("accountId", "000000000000").put("apiId", "local").put("stage", "$default");
        context.put("domainName", Request.getServerName(request)).put("domainPrefix", "local");
        context.put("requestId", UUID.randomUUID().toString()).put("routeKey", "$default");
        context.put("time", now.toString()).put("timeEpoch", now.toEpochMilli());
        ObjectNode http = context.putObject("http");
        http.put("method", request.getMethod()).put("path", rawPath).put("protocol", "HTTP/1.1");
        http.put("sourceIp", Request.getRemoteAddr(request));
        http.put("userAgent", String.valueOf(request.getHeaders().get("user-agent")));
    }

    private static void body(ObjectNode event, Request request, byte[] body) {
        if (body.length == 0) {
            event.put("isBase64Encoded", false);
            return;
        }
        String text = isText(request.getHeaders().get("content-type")) ? utf8(body) : null;
        event.put("body", text == null ? Base64.getEncoder().encodeToString(body) : text);
        event.put("isBase64Encoded", text == null);
    }

    private static boolean isText(@Nullable String type) {
        String lower = type == null ? "" : type.toLowerCase(Locale.ROOT);
        return lower.startsWith("text/")
                || lower.startsWith("application/json")
                || lower.startsWith("application/javascript")
                || lower.startsWith("application/xml");
    }

    private static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
