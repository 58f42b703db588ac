package comfyserverless.routeapi;

import comfyserverless.contract.route.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// A route of a pack.
///
/// @param path segments, `{name}` for any one, and last `{name+}` for all that follow: `/my/{id}`
public record CustomRoute(Method method, String path, RouteHandler handler) {
    private static final Pattern SEGMENT = Pattern.compile("[^{}/?#]+|\\{\\w+\\+?}");

    /// What answers a route.
    @FunctionalInterface
    public interface RouteHandler {
        /// Answers. A [RouteProblem] becomes the error that it says; any other exception a 500 in the
        /// server's error shape, and a line in its log that names the pack.
        RouteAnswer answer(RouteRequest request) throws Exception;
    }

    public CustomRoute {
        List<String> segments = segments(path);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            boolean last = i == segments.size() - 1;
            if (!SEGMENT.matcher(segment).matches() || (segment.endsWith("+}") && !last)) {
                throw new IllegalArgumentException(
                        "the path \"" + path + "\" has the segment \"" + segment + "\"");
            }
            if (segment.startsWith("{") && !names.add(segment)) {
                throw new IllegalArgumentException(
                        "the path \"" + path + "\" has " + segment + " twice");
            }
        }
    }

    private static List<String> segments(String path) {
        if (!path.startsWith("/") || path.equals("/")) {
            throw new IllegalArgumentException(
                    "the path \"" + path + "\" is not a slash and a name");
        }
        return List.of(path.substring(1).split("/", -1));
    }

    public static CustomRoute get(String path, RouteHandler handler) {
        return new CustomRoute(Method.GET, path, handler);
    }

    public static CustomRoute post(String path, RouteHandler handler) {
        return new CustomRoute(Method.POST, path, handler);
    }

    public static CustomRoute put(String path, RouteHandler handler) {
        return new CustomRoute(Method.PUT, path, handler);
    }

    public static CustomRoute patch(String path, RouteHandler handler) {
        return new CustomRoute(Method.PATCH, path, handler);
    }

    public static CustomRoute delete(String path, RouteHandler handler) {
        return new CustomRoute(Method.DELETE, path, handler);
    }
}
