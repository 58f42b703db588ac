package comfyserverless.contract.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Finds the route for a request. The first row that fits wins; a static page route stands last and
/// takes every GET that no other row takes.
public final class RouteTable {
    /// The server's own routes, in order ([Routes]).
    public static final RouteTable CORE = new RouteTable(Routes.ALL);

    private record Row(Route route, List<RoutePath> paths) {}

    private final List<Row> rows;

    public RouteTable(List<Route> routes) {
        List<Row> all = new ArrayList<>();
        for (Route route : routes) {
            all.add(new Row(route, paths(route)));
        }
        rows = List.copyOf(all);
    }

    /// The rows, in order.
    public List<Route> routes() {
        return rows.stream().map(Row::route).toList();
    }

    /// This table with further rows; they stand before the last one, which takes every other GET.
    public RouteTable with(List<Route> more) {
        List<Route> all = new ArrayList<>(routes());
        all.addAll(all.size() - 1, more);
        return new RouteTable(all);
    }

    /// Whether both routes would answer some request.
    public static boolean overlap(Route one, Route other) {
        return one.method() == other.method()
                && paths(one).stream()
                        .anyMatch(path -> paths(other).stream().anyMatch(path::overlaps));
    }

    /// The route for a request, or why there is none. Below /internal there are no files of the page,
    /// as that is an application of its own in ComfyUI.
    ///
    /// @param method as sent, in any case
    /// @param path as sent: percent-encoded, without the query
    public RouteMatch match(String method, String path) {
        String wanted = method.toUpperCase(Locale.ROOT);
        if (wanted.equals("OPTIONS")) {
            return new RouteMatch.Options();
        }
        boolean head = wanted.equals("HEAD");
        List<String> segments = RoutePath.segments(path.startsWith("/") ? path : "/" + path);
        SortedSet<String> allowed = new TreeSet<>();
        boolean internal = segments.getFirst().equals("internal");
        for (Row row : rows) {
            if (internal && row.route().family() == Family.PAGE) {
                continue;
            }
            Optional<Map<String, String>> parameters = parameters(row, segments);
            if (parameters.isEmpty()) {
                continue;
            }
            String name = row.route().method().name();
            if (name.equals(head ? "GET" : wanted)) {
                return new RouteMatch.Found(row.route(), parameters.get(), head);
            }
            allowed.add(name);
            if (name.equals("GET")) {
                allowed.add("HEAD");
            }
        }
        return allowed.isEmpty() ? new RouteMatch.Unknown() : new RouteMatch.WrongMethod(allowed);
    }

    private static Optional<Map<String, String>> parameters(Row row, List<String> segments) {
        for (RoutePath path : row.paths()) {
            Optional<Map<String, String>> match = path.match(segments);
            if (match.isPresent()) {
                return match;
            }
        }
        return Optional.empty();
    }

    private static List<RoutePath> paths(Route route) {
        RoutePath bare = new RoutePath(route.path());
        RoutePath api = new RoutePath("/api" + route.path());
        return switch (route.prefix()) {
            case BOTH -> List.of(bare, api);
            case BARE -> List.of(bare);
            case API -> List.of(api);
        };
    }
}
