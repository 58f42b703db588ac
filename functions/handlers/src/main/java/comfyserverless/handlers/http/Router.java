package comfyserverless.handlers.http;

import comfyserverless.contract.account.Identity;
import comfyserverless.contract.route.Route;
import comfyserverless.contract.route.RouteMatch;
import comfyserverless.contract.route.RouteTable;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/// Leads a request to the endpoint of its route.
public final class Router {
    private final RouteTable table;
    private final Map<String, Endpoint> endpoints;

    /// Leads to these endpoints.
    ///
    /// @param endpoints by the names of the table's routes; each route that is built needs one, and
    ///     each must have its route
    public Router(RouteTable table, Map<String, Endpoint> endpoints) {
        // What nobody answers is no route of this server.
        this.table =
                new RouteTable(
                        table.routes().stream()
                                .filter(route -> endpoints.containsKey(route.name()))
                                .toList());
        this.endpoints = Map.copyOf(endpoints);
        TreeSet<String> unknown = new TreeSet<>(endpoints.keySet());
        TreeSet<String> missing = new TreeSet<>();
        for (Route route : table.routes()) {
            unknown.remove(route.name());
            if (route.built() && !endpoints.containsKey(route.name())) {
                missing.add(route.name());
            }
        }
        if (!unknown.isEmpty() || !missing.isEmpty()) {
            throw new IllegalStateException(
                    "endpoints without a route: " + unknown + ", routes without one: " + missing);
        }
    }

    /// Answers as whom the admission says.
    public Response answer(Request request, Admission admission) {
        return switch (table.match(request.method(), request.path())) {
            case RouteMatch.Found found -> {
                Endpoint endpoint = Objects.requireNonNull(endpoints.get(found.route().name()));
                yield switch (admission.admit(request, found.route())) {
                    case Admission.Entry.Admitted(Identity who) ->
                            endpoint.answer(new Call(request, who, found.parameters()));
                    case Admission.Entry.Refused(Response answer) -> answer;
                };
            }
            case RouteMatch.WrongMethod wrong ->
                    Response.text(405, "405: Method Not Allowed").with("allow", wrong.allow());
            case RouteMatch.Unknown unknown -> Response.text(404, "404: Not Found");
            case RouteMatch.Options options -> Response.empty(200);
        };
    }
}
