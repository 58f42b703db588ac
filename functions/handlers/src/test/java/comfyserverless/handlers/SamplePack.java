package comfyserverless.handlers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.mailbox.Letter;
import comfyserverless.routeapi.CustomRoute;
import comfyserverless.routeapi.Form;
import comfyserverless.routeapi.RouteAnswer;
import comfyserverless.routeapi.RouteExtension;
import comfyserverless.routeapi.RouteProblem;
import comfyserverless.routeapi.RouteRequest;
import comfyserverless.routeapi.Tenant;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A route pack that uses all that the SPI has.
final class SamplePack implements RouteExtension {
    @Override
    public String name() {
        return "sample";
    }

    @Override
    public List<CustomRoute> routes() {
        return List.of(
                CustomRoute.get("/sample/things/new", request -> RouteAnswer.text("a new one")),
                CustomRoute.get("/sample/things/{id}", SamplePack::thing),
                CustomRoute.get("/sample/tree/{path+}", SamplePack::tree),
                CustomRoute.put("/sample/things/{id}", SamplePack::json),
                CustomRoute.patch("/sample/things/{id}", SamplePack::json),
                CustomRoute.delete(
                        "/sample/things/{id}", request -> RouteAnswer.empty().withStatus(204)),
                CustomRoute.post("/sample/form", SamplePack::form),
                CustomRoute.post("/sample/file", SamplePack::store),
                CustomRoute.get("/sample/file/{name}", SamplePack::stored),
                CustomRoute.get(
                        "/sample/away", request -> RouteAnswer.redirect("/view?filename=a")),
                CustomRoute.get("/sample/bytes", SamplePack::bytes),
                CustomRoute.post("/sample/tell/{type}", SamplePack::tell),
                CustomRoute.post("/sample/letter/{node}", SamplePack::letter),
                CustomRoute.post("/sample/queue", SamplePack::queue),
                CustomRoute.delete("/sample/queue/{id}", SamplePack::cancel),
                CustomRoute.get("/sample/fails/{how}", SamplePack::fail));
    }

    @Override
    public ObjectNode onPrompt(ObjectNode body, Tenant tenant) {
        String wish = body.path("extra_data").path("wish").asText();
        body.withObject("extra_data").put("seen_by", tenant.name());
        return switch (wish) {
            case "refuse" ->
                    throw new RouteProblem(403, "not_today", "Not today", "come back tomorrow");
            case "fail" -> throw new IllegalStateException("the hook is broken");
            case "change" -> {
                ObjectNode node = body.withObject("prompt").withObject("1").withObject("inputs");
                node.put("source", "changed");
                yield body;
            }
            default -> body;
        };
    }

    private static RouteAnswer thing(RouteRequest request) {
        ObjectNode answer = Json.object().put("id", request.variable("id"));
        ArrayNode tags = answer.putArray("tags");
        request.queryAll("tag").forEach(tags::add);
        answer.put("method", request.method().name());
        answer.put("tenant", request.tenant().name());
        answer.put("accept", request.header("Accept").orElse("anything"));
        return RouteAnswer.json(answer);
    }

    private static RouteAnswer tree(RouteRequest request) {
        return RouteAnswer.text(request.variable("path")).withHeader("X-Sample", "yes");
    }

    private static RouteAnswer json(RouteRequest request) {
        return RouteAnswer.json(request.json()).withStatus(201);
    }

    private static RouteAnswer form(RouteRequest request) {
        Form form = request.form();
        ObjectNode answer = Json.object().put("message", form.requireText("message"));
        answer.put("fields", form.fields().size());
        form.file("picture")
                .ifPresent(file ->
                        answer.put("file", file.fileName()).put("bytes", file.bytes().length));
        return RouteAnswer.json(answer);
    }

    private static FileRef input(String name) {
        return new FileRef(FileType.INPUT, "sample", name);
    }

    private static RouteAnswer store(RouteRequest request) {
        Form.Field file = request.form().requireFile("picture");
        request.tenant().files().put(input("stored.txt"), file.bytes());
        return RouteAnswer.empty();
    }

    private static RouteAnswer stored(RouteRequest request) {
        return RouteAnswer.file(input(request.variable("name")));
    }

    private static RouteAnswer bytes(RouteRequest request) {
        byte[] bytes = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        return RouteAnswer.bytes("application/x-sample", bytes);
    }

    private static RouteAnswer tell(RouteRequest request) {
        String type = request.variable("type");
        int told =
                request.query("client")
                        .map(client ->
                                request.tenant().clients().send(client, type, request.json())
                                        ? 1
                                        : 0)
                        .orElseGet(
                                () -> request.tenant().clients().sendToAll(type, request.json()));
        return RouteAnswer.json(Json.object().put("told", told));
    }

    private static RouteAnswer letter(RouteRequest request) {
        Letter letter =
                Letter.toNode(
                        request.variable("node"), TextNode.valueOf(request.json().toString()));
        return RouteAnswer.json(
                Json.object().put("receivers", request.tenant().mailbox().send(letter)));
    }

    private static RouteAnswer queue(RouteRequest request) {
        ObjectNode body = Json.object();
        body.putObject("prompt")
                .putObject("1")
                .put("class_type", request.form().requireText("class"))
                .putObject("inputs")
                .put("source", "from the pack");
        return RouteAnswer.text(request.tenant().jobs().submit(body));
    }

    private static RouteAnswer cancel(RouteRequest request) {
        boolean done = request.tenant().jobs().cancel(request.variable("id"));
        return RouteAnswer.json(Json.object().put("cancelled", done));
    }

    private static RouteAnswer fail(RouteRequest request) throws Exception {
        return switch (request.variable("how")) {
            case "checked" -> throw new java.io.IOException("a disk is full");
            case "deep" -> fail(request);
            case "class" -> throw new NoClassDefFoundError("org/example/Gone");
            case "status" -> RouteAnswer.empty().withStatus(100);
            case "header" -> RouteAnswer.empty().withHeader("x-a", "b\r\nset-cookie: c");
            case "problem" -> throw RouteProblem.notFound("No such thing", "there are no things");
            default -> throw new IllegalStateException("failed as asked");
        };
    }
}
