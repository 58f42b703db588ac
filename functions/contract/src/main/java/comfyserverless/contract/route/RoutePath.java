package comfyserverless.contract.route;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The pattern of a route, matched against the segments of a path as it was sent (undecoded: a `%2F`
/// stays inside its segment).
final class RoutePath {
    private final List<String> segments;

    RoutePath(String pattern) {
        segments = segments(pattern);
    }

    /// Whether some path fits both patterns.
    boolean overlaps(RoutePath other) {
        for (int i = 0; ; i++) {
            String mine = i < segments.size() ? segments.get(i) : "";
            String theirs = i < other.segments.size() ? other.segments.get(i) : "";
            if (mine.endsWith("+}") || theirs.endsWith("+}")) {
                return true;
            }
            if (mine.isEmpty() || theirs.isEmpty()) {
                return mine.equals(theirs);
            }
            boolean literal = !mine.startsWith("{") && !theirs.startsWith("{");
            if (literal && !mine.equals(theirs)) {
                return false;
            }
        }
    }

    static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    Optional<Map<String, String>> match(List<String> sent) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (segment.endsWith("+}")) {
                String rest = String.join("/", sent.subList(Math.min(i, sent.size()), sent.size()));
                parameters.put(segment.substring(1, segment.length() - 2), decode(rest));
                return Optional.of(parameters);
            }
            if (i >= sent.size()) {
                return Optional.empty();
            }
            String value = decode(sent.get(i));
            if (segment.startsWith("{")) {
                if (value.isEmpty()) {
                    return Optional.empty();
                }
                parameters.put(segment.substring(1, segment.length() - 1), value);
            } else if (!segment.equals(value)) {
                return Optional.empty();
            }
        }
        return sent.size() == segments.size() ? Optional.of(parameters) : Optional.empty();
    }

    /// Percent-decoding of a path: `+` stays, what is no escape stays.
    static String decode(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }
}
