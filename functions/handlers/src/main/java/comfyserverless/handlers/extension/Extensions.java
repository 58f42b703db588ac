package comfyserverless.handlers.extension;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.contract.route.Access;
import comfyserverless.contract.route.Family;
import comfyserverless.contract.route.Prefix;
import comfyserverless.contract.route.Route;
import comfyserverless.contract.route.RouteTable;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.routeapi.CustomRoute;
import comfyserverless.routeapi.RouteExtension;
import comfyserverless.routeapi.RouteProblem;
import comfyserverless.routeapi.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The route packs of this process, and the table of routes with theirs in it.
public final class Extensions {
    private static final Logger LOG = LoggerFactory.getLogger(Extensions.class);

    /// What of ours a pack may use besides what all packs may.
    public static final String PACKAGE = "comfyserverless.routeapi.";

    private final List<RouteExtension> packs;
    private final List<RouteExtension> curious;
    private final List<Added> routes = new ArrayList<>();
    private final RouteTable table;

    /// A pack's route and its row.
    private record Added(String pack, CustomRoute custom, Route row) {
        String where() {
            return custom.method() + " " + custom.path();
        }
    }

    /// What a pack says of itself.
    private record Described(String name, List<CustomRoute> routes) {}

    /// With these packs, in this order.
    ///
    /// @throws IllegalStateException if two have one name, or if a route's path is answered by the
    ///     server or by another pack: the message names both
    public Extensions(List<RouteExtension> packs) {
        this.packs = List.copyOf(packs);
        Map<String, RouteExtension> names = new HashMap<>();
        for (RouteExtension pack : this.packs) {
            Described described = described(pack);
            RouteExtension other = names.put(described.name(), pack);
            if (other != null) {
                throw new IllegalStateException(
                        "two route packs are called \"%s\": %s and %s"
                                .formatted(
                                        described.name(),
                                        other.getClass().getName(),
                                        pack.getClass().getName()));
            }
            for (CustomRoute custom : described.routes()) {
                add(new Added(described.name(), custom, row(described.name(), custom)));
            }
        }
        this.curious = this.packs.stream().filter(Extensions::looksAtPrompts).toList();
        this.table = RouteTable.CORE.with(routes.stream().map(Added::row).toList());
    }

    public static Extensions none() {
        return new Extensions(List.of());
    }

    /// The packs on the class path.
    public static Extensions onClassPath() {
        return onClassPathAnd(List.of());
    }

    /// The packs on the class path and those that these loaders bring besides.
    ///
    /// @throws java.util.ServiceConfigurationError if one cannot be loaded
    public static Extensions onClassPathAnd(List<ClassLoader> loaders) {
        ClassLoader ours = RouteExtension.class.getClassLoader();
        List<RouteExtension> packs = new ArrayList<>();
        ServiceLoader.load(RouteExtension.class, ours).forEach(packs::add);
        for (ClassLoader loader : loaders) {
            ServiceLoader.load(RouteExtension.class, loader).stream()
                    .filter(pack -> !ours.equals(pack.type().getClassLoader()))
                    .map(ServiceLoader.Provider::get)
                    .forEach(packs::add);
        }
        return new Extensions(packs);
    }

    /// A prompt may be megabytes: nobody copies it for packs that do not care.
    private static boolean looksAtPrompts(RouteExtension pack) {
        try {
            return !RouteExtension.class.equals(
                    pack.getClass()
                            .getMethod("onPrompt", ObjectNode.class, Tenant.class)
                            .getDeclaringClass());
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(pack.getClass() + " has no onPrompt", e);
        }
    }

    private static Described described(RouteExtension pack) {
        try {
            return new Described(pack.name(), List.copyOf(pack.routes()));
        } catch (RuntimeException | LinkageError e) {
            throw new IllegalStateException(
                    "the route pack " + pack.getClass().getName() + " cannot be loaded: " + e, e);
        }
    }

    private static Route row(String pack, CustomRoute custom) {
        String path = custom.path().replaceAll("[{}+]", "").replace('/', '-');
        return new Route(
                custom.method(),
                custom.path(),
                Family.EXTENSION,
                pack + "." + custom.method().name().toLowerCase(Locale.ROOT) + path,
                Access.TENANT,
                Prefix.BOTH,
                true);
    }

    /// Within a pack the first route that fits answers, so only equal paths clash there.
    private void add(Added added) {
        for (Added other : routes) {
            boolean clash =
                    other.pack().equals(added.pack())
                            ? other.where().equals(added.where())
                            : RouteTable.overlap(other.row(), added.row());
            if (clash) {
                throw clash(added, other.where() + " of the route pack " + other.pack());
            }
        }
        // The last row is the page, which takes what nobody else does.
        List<Route> core = RouteTable.CORE.routes();
        for (Route other : core.subList(0, core.size() - 1)) {
            if (RouteTable.overlap(other, added.row())) {
                String server = other.method() + " " + other.path() + " of the server";
                throw clash(added, server + " (" + other.name() + ")");
            }
        }
        routes.add(added);
    }

    private static IllegalStateException clash(Added added, String other) {
        return new IllegalStateException(
                "%s of the route pack %s clashes with %s: choose another path"
                        .formatted(added.where(), added.pack(), other));
    }

    /// The names of the packs, in order.
    public List<String> names() {
        return packs.stream().map(RouteExtension::name).toList();
    }

    /// The server's routes and the packs'.
    public RouteTable table() {
        return table;
    }

    /// What answers the packs' routes, by the names of their rows.
    public Map<String, Endpoint> endpoints(Server server) {
        Map<String, Endpoint> endpoints = new HashMap<>();
        Answers answers = new Answers(server.ports());
        for (Added added : routes) {
            endpoints.put(
                    added.row().name(),
                    new ExtensionEndpoint(added.pack(), added.custom(), server, answers));
        }
        return endpoints;
    }

    /// The body of a `POST /prompt` after all packs have seen it. What is no JSON object is left to
    /// validation.
    ///
    /// @throws comfyserverless.handlers.http.HttpProblem if a pack refuses the prompt
    public byte[] onPrompt(byte[] sent, String tenant, Server server) {
        if (curious.isEmpty()) {
            return sent;
        }
        try {
            if (Json.read(sent) instanceof ObjectNode body) {
                ObjectNode changed = onPrompt(body, new OneTenant(tenant, server));
                return Json.writeBytes(changed);
            }
            return sent;
        } catch (MalformedJson e) {
            return sent;
        }
    }

    private ObjectNode onPrompt(ObjectNode sent, OneTenant tenant) {
        ObjectNode body = sent;
        for (RouteExtension pack : curious) {
            try {
                body = pack.onPrompt(body.deepCopy(), tenant);
            } catch (RouteProblem e) {
                throw ExtensionEndpoint.problem(e);
            } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
                LOG.error("the route pack {} failed to look at a prompt", pack.name(), e);
            }
        }
        return body;
    }
}
