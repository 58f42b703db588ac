package comfyserverless.handlers.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.route.Family;
import comfyserverless.contract.route.Method;
import comfyserverless.contract.route.Prefix;
import comfyserverless.contract.route.Route;
import comfyserverless.contract.route.RouteTable;
import comfyserverless.handlers.HandlerSettings;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// `GET /openapi.json`: the table of routes, packs' routes among them, as OpenAPI 3.1. What the table does
/// not say of the server's own (a summary, query parameters, the kinds of bodies) is in operations.json,
/// the shapes of bodies and answers that it names in schemas.json.
public final class OpenApi implements Endpoint {
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)\\+?}");
    private static final String JSON = "application/json";
    private static final String ANY = "*/*";
    private static final JsonNode PROBLEM = TextNode.valueOf("Problem");

    private final Response response;

    /// Describes the routes that are answered.
    ///
    /// @param served their names
    public OpenApi(RouteTable table, Set<String> served) {
        JsonNode operations = resource("operations.json");
        ObjectNode document = Json.object().put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "comfy-serverless")
                .put("description", "ComfyUI's routes and those of this server's packs")
                .put("version", HandlerSettings.COMFYUI_VERSION);
        ObjectNode paths = document.putObject("paths");
        for (Route route : table.routes()) {
            if (served.contains(route.name())) {
                add(paths, route, operations.path(route.name()));
            }
        }
        document.putObject("components").set("schemas", resource("schemas.json"));
        this.response = Response.json(document);
    }

    private static JsonNode resource(String name) {
        try (InputStream in = OpenApi.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the class path has no " + name);
            }
            return Json.readStored(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    @Override
    public Response answer(Call call) {
        return response;
    }

    private static void add(ObjectNode paths, Route route, JsonNode more) {
        if (route.prefix() != Prefix.API) {
            add(paths, "", route, more);
        }
        if (route.prefix() != Prefix.BARE) {
            add(paths, "/api", route, more);
        }
    }

    private static void add(ObjectNode paths, String prefix, Route route, JsonNode more) {
        String path = prefix + VARIABLE.matcher(route.path()).replaceAll("{$1}");
        ObjectNode operation =
                paths.withObjectProperty(path)
                        .putObject(route.method().name().toLowerCase(Locale.ROOT));
        operation.put("operationId", prefix.isEmpty() ? route.name() : "api." + route.name());
        operation.put("summary", more.path("summary").asText("A route of a pack"));
        operation.putArray("tags").add(route.family().name().toLowerCase(Locale.ROOT));
        var parameters = operation.putArray("parameters");
        for (MatchResult variable : VARIABLE.matcher(route.path()).results().toList()) {
            parameters.add(parameter(variable.group(1), "path", true));
        }
        more.path("query")
                .forEach(name -> parameters.add(parameter(name.asText(), "query", false)));
        boolean custom = route.family() == Family.EXTENSION;
        boolean takesBody = route.method() != Method.GET && route.method() != Method.DELETE;
        String body = more.path("body").asText(custom && takesBody ? ANY : "");
        if (!body.isEmpty()) {
            ObjectNode content = operation.putObject("requestBody").putObject("content");
            addShape(content.putObject(body), more.path("takes"));
        }
        ObjectNode responses = operation.putObject("responses");
        ObjectNode good =
                responses
                        .putObject(more.path("status").asText("200"))
                        .put("description", "As asked")
                        .putObject("content")
                        .putObject(more.path("answer").asText(custom ? ANY : JSON));
        addShape(good, more.path("returns"));
        ObjectNode other =
                responses
                        .putObject("default")
                        .put(
                                "description",
                                "Another answer; a problem that a program may act on is JSON")
                        .putObject("content")
                        .putObject(JSON);
        addShape(other, PROBLEM);
    }

    private static void addShape(ObjectNode content, JsonNode name) {
        if (name.isTextual()) {
            content.putObject("schema").put("$ref", "#/components/schemas/" + name.textValue());
        }
    }

    private static ObjectNode parameter(String name, String in, boolean required) {
        ObjectNode parameter = Json.object().put("name", name).put("in", in);
        parameter.put("required", required).putObject("schema").put("type", "string");
        return parameter;
    }
}
