package comfyserverless.example;

import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.mailbox.Letter;
import comfyserverless.routeapi.CustomRoute;
import comfyserverless.routeapi.Form;
import comfyserverless.routeapi.RouteAnswer;
import comfyserverless.routeapi.RouteExtension;
import comfyserverless.routeapi.RouteRequest;
import java.util.List;

/// `POST /my_new_path`: hands the form's `message` to the running node `node_id`.
public final class MessageRoutes implements RouteExtension {
    @Override
    public String name() {
        return ExamplePack.NAME;
    }

    @Override
    public List<CustomRoute> routes() {
        return List.of(CustomRoute.post("/my_new_path", MessageRoutes::deliver));
    }

    private static RouteAnswer deliver(RouteRequest request) {
        Form form = request.form();
        TextNode message = TextNode.valueOf(form.requireText("message"));
        Letter letter = Letter.toNode(form.requireText("node_id"), message);
        int nodes = request.tenant().mailbox().send(letter);
        return RouteAnswer.json(Json.object().put("nodes", nodes));
    }
}
