package comfyserverless.handlers.http;

import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A `multipart/form-data` body (RFC 7578), wholly in memory.
public final class Multipart {
    private static final Pattern LEADING_SLASHES = Pattern.compile("^[/\\\\]+");
    private static final byte[] BLANK_LINE = {'\r', '\n', '\r', '\n'};

    private final List<Part> parts;

    private Multipart(List<Part> parts) {
        this.parts = parts;
    }

    /// One field; `fileName` is null for plain values.
    @SuppressWarnings("ArrayRecordComponent")
    public record Part(String name, @Nullable String fileName, String contentType, byte[] bytes) {
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /// The form in a request's body; empty if the body is of another type.
    public static Optional<Multipart> of(Request request) {
        String type = request.header("content-type").orElse("");
        if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            return Optional.empty();
        }
        String boundary = parameters(type).get("boundary");
        if (boundary == null || boundary.isEmpty()) {
            throw HttpProblem.badRequest(
                    "invalid_form", "The form has no boundary", "content-type: " + type);
        }
        return Optional.of(parse(request.body(), boundary));
    }

    /// All fields, in order.
    public List<Part> parts() {
        return List.copyOf(parts);
    }

    public Optional<Part> part(String name) {
        return parts.stream().filter(part -> part.name().equals(name)).findFirst();
    }

    public @Nullable String text(String name) {
        return part(name).map(Part::text).orElse(null);
    }

    static Multipart parse(byte[] body, String boundary) {
        byte[] first = ("--" + boundary).getBytes(StandardCharsets.UTF_8);
        byte[] next = ("\r\n--" + boundary).getBytes(StandardCharsets.UTF_8);
        List<Part> parts = new ArrayList<>();
        int at = indexOf(body, first, 0);
        if (at < 0) {
            throw HttpProblem.badRequest(
                    "invalid_form",
                    "The form is broken",
                    "its boundary does not occur in the body");
        }
        at += first.length;
        while (at + 1 < body.length && body[at] == '\r' && body[at + 1] == '\n') {
            int end = indexOf(body, next, at);
            if (end < 0) {
                throw HttpProblem.badRequest(
                        "invalid_form", "The form is broken", "its last part does not end");
            }
            parts.add(part(Arrays.copyOfRange(body, at + 2, Math.max(end, at + 2))));
            at = end + next.length;
        }
        return new Multipart(parts);
    }

    private static Part part(byte[] bytes) {
        int blank = bytes.length >= 2 && bytes[0] == '\r' ? -2 : indexOf(bytes, BLANK_LINE, 0);
        int content = blank + BLANK_LINE.length;
        if (blank == -1) {
            throw HttpProblem.badRequest(
                    "invalid_form", "The form is broken", "a part has no blank line");
        }
        String head = new String(bytes, 0, Math.max(blank, 0), StandardCharsets.UTF_8);
        Map<String, String> headers = new HashMap<>();
        for (String line : head.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        Map<String, String> disposition =
                parameters(headers.getOrDefault("content-disposition", ""));
        return new Part(
                disposition.getOrDefault("name", ""),
                fileName(disposition),
                headers.getOrDefault("content-type", "text/plain"),
                Arrays.copyOfRange(bytes, content, bytes.length));
    }

    /// The file's name without slashes before it; `filename*` (RFC 5987) says it where `filename` does
    /// not.
    private static @Nullable String fileName(Map<String, String> disposition) {
        String plain = disposition.get("filename");
        if (plain != null) {
            return LEADING_SLASHES.matcher(plain).replaceFirst("");
        }
        String extended = disposition.get("filename*");
        if (extended == null) {
            return null;
        }
        String[] parts = extended.split("'", 3);
        try {
            return parts.length == 3
                    ? URLDecoder.decode(parts[2].replace("+", "%2B"), Charset.forName(parts[0]))
                    : null;
        } catch (IllegalArgumentException e) {
            throw HttpProblem.badRequest(
                    "invalid_form", "The form is broken", "filename* is \"" + extended + "\"");
        }
    }

    /// The `; name=value` parameters of a header, quoted or not.
    private static Map<String, String> parameters(String header) {
        Map<String, String> parameters = new HashMap<>();
        int at = header.indexOf(';');
        while (at >= 0 && at < header.length()) {
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                break;
            }
            String name = header.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            StringBuilder value = new StringBuilder();
            at = value(header, equals + 1, value);
            parameters.put(name, value.toString());
        }
        return parameters;
    }

    /// Reads a value into `out`; returns where the next `;` stands, or the end.
    private static int value(String header, int from, StringBuilder out) {
        int at = from;
        if (at >= header.length() || header.charAt(at) != '"') {
            int end = header.indexOf(';', at);
            out.append(header, at, end < 0 ? header.length() : end);
            return end < 0 ? header.length() : end;
        }
        for (at++; at < header.length() && header.charAt(at) != '"'; at++) {
            boolean escaped = header.charAt(at) == '\\' && at + 1 < header.length();
            out.append(header.charAt(escaped ? ++at : at));
        }
        int end = header.indexOf(';', at);
        return end < 0 ? header.length() : end;
    }

    private static int indexOf(byte[] in, byte[] what, int from) {
        outer:
        for (int i = from; i <= in.length - what.length; i++) {
            for (int k = 0; k < what.length; k++) {
                if (in[i + k] != what[k]) {
                    continue outer;
                }
            }
            return i;
        }
        return -1;
    }
}
