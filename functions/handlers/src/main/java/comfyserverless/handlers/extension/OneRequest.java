package comfyserverless.handlers.extension;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.contract.route.Method;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Multipart;
import comfyserverless.handlers.http.Query;
import comfyserverless.routeapi.CustomRoute;
import comfyserverless.routeapi.Form;
import comfyserverless.routeapi.RouteProblem;
import comfyserverless.routeapi.RouteRequest;
import comfyserverless.routeapi.Tenant;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request as a pack sees it.
final class OneRequest implements RouteRequest {
    private static final String URLENCODED = "application/x-www-form-urlencoded";

    private final CustomRoute route;
    private final Call call;
    private final Tenant tenant;

    OneRequest(CustomRoute route, Call call, Tenant tenant) {
        this.route = route;
        this.call = call;
        this.tenant = tenant;
    }

    @Override
    public Method method() {
        return route.method();
    }

    @Override
    public String variable(String name) {
        String value = call.variables().get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "the path " + route.path() + " has no {" + name + "}");
        }
        return value;
    }

    @Override
    public Optional<String> query(String name) {
        return Optional.ofNullable(call.request().query().first(name));
    }

    @Override
    public List<String> queryAll(String name) {
        return call.request().query().all(name);
    }

    @Override
    public Optional<String> header(String name) {
        return call.request().header(name);
    }

    @Override
    public byte[] body() {
        return call.request().body().clone();
    }

    @Override
    public JsonNode json() {
        try {
            return call.request().json();
        } catch (MalformedJson e) {
            throw RouteProblem.badRequest(
                    "invalid_json", "The body is not valid JSON", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Form form() {
        try {
            Optional<Multipart> multipart = Multipart.of(call.request());
            return multipart.isPresent()
                    ? new Form(multipart.get().parts().stream().map(OneRequest::field).toList())
                    : urlencoded();
        } catch (HttpProblem e) {
            throw new RouteProblem(
                    e.status(), e.type(), String.valueOf(e.getMessage()), e.details());
        }
    }

    private static Form.Field field(Multipart.Part part) {
        return new Form.Field(part.name(), part.fileName(), part.contentType(), part.bytes());
    }

    private Form urlencoded() {
        String type = header("content-type").orElse("").toLowerCase(Locale.ROOT);
        if (!type.startsWith(URLENCODED)) {
            return new Form(List.of());
        }
        Query query = Query.parse(new String(call.request().body(), StandardCharsets.UTF_8));
        return new Form(
                query.names().stream()
                        .flatMap(name -> query.all(name).stream().map(value -> value(name, value)))
                        .toList());
    }

    private static Form.Field value(String name, String value) {
        @Nullable String noFile = null;
        return new Form.Field(name, noFile, "text/plain", value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Tenant tenant() {
        return tenant;
    }
}
