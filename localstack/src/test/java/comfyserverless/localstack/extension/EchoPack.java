package comfyserverless.localstack.extension;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.route.Method;
import comfyserverless.routeapi.CustomRoute;
import comfyserverless.routeapi.Form;
import comfyserverless.routeapi.RouteAnswer;
import comfyserverless.routeapi.RouteExtension;
import comfyserverless.routeapi.RouteRequest;
import java.util.ArrayList;
import java.util.List;

/// A route pack that tells what it was sent. In a jar with nothing else it has no nodes.
public final class EchoPack implements RouteExtension {
    @Override
    public String name() {
        return "echo";
    }

    @Override
    public List<CustomRoute> routes() {
        List<CustomRoute> routes = new ArrayList<>();
        for (Method method : Method.values()) {
            routes.add(new CustomRoute(method, "/echo/any/{name}", EchoPack::any));
        }
        routes.add(CustomRoute.post("/echo/form", EchoPack::form));
        routes.add(CustomRoute.post("/echo/json", request -> RouteAnswer.json(request.json())));
        routes.add(CustomRoute.put("/echo/file/{name}", EchoPack::keep));
        routes.add(CustomRoute.get("/echo/file/{name}", EchoPack::kept));
        routes.add(
                CustomRoute.get("/echo/redirect", request -> RouteAnswer.redirect("/echo/any/x")));
        routes.add(CustomRoute.get("/echo/fail", EchoPack::fail));
        return routes;
    }

    private static RouteAnswer any(RouteRequest request) {
        ObjectNode answer = Json.object().put("method", request.method().name());
        answer.put("name", request.variable("name")).put("bytes", request.body().length);
        ArrayNode q = answer.putArray("q");
        request.queryAll("q").forEach(q::add);
        return RouteAnswer.json(answer);
    }

    private static RouteAnswer form(RouteRequest request) {
        ArrayNode fields = Json.mapper().createArrayNode();
        for (Form.Field field : request.form().fields()) {
            ObjectNode told = fields.addObject().put("name", field.name());
            told.put("file", field.fileName()).put("bytes", field.bytes().length);
            told.put("text", field.isFile() ? field.contentType() : field.text());
        }
        return RouteAnswer.json(fields);
    }

    private static FileRef file(RouteRequest request) {
        return new FileRef(FileType.TEMP, "echo", request.variable("name"));
    }

    private static RouteAnswer keep(RouteRequest request) {
        request.tenant().files().put(file(request), request.body());
        return RouteAnswer.empty().withStatus(201);
    }

    private static RouteAnswer kept(RouteRequest request) {
        return RouteAnswer.file(file(request));
    }

    private static RouteAnswer fail(RouteRequest request) {
        throw new IllegalStateException("asked by " + request.method());
    }
}
