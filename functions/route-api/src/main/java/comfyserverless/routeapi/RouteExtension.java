package comfyserverless.routeapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// A route pack: what `PromptServer.instance.routes` and `add_on_prompt_handler` are to a custom node of
/// ComfyUI. Found by [java.util.ServiceLoader] on the functions' class path, and by the local stack in
/// the jars of its `--node-packs` folder.
///
/// One instance serves all requests, threads and tenants of a function, and several functions run at
/// once: state belongs into the ports of the [Tenant].
public interface RouteExtension {
    /// What the pack is called in errors, logs and /openapi.json; unique among those that are loaded.
    String name();

    /// Its routes, each also under /api. A path that a route of the server or of another pack answers
    /// stops the start, with both names.
    default List<CustomRoute> routes() {
        return List.of();
    }

    /// Sees the body of each `POST /prompt` before it is validated, and returns the one to go on with:
    /// the same (changed or not) or another. A [RouteProblem] refuses the prompt; any other exception is
    /// logged, and the prompt goes on as it was before this call, as in ComfyUI.
    default ObjectNode onPrompt(ObjectNode body, Tenant tenant) throws Exception {
        return body;
    }
}
