package comfyserverless.contract.route;

import static comfyserverless.contract.route.Method.DELETE;
import static comfyserverless.contract.route.Method.GET;
import static comfyserverless.contract.route.Method.PATCH;
import static comfyserverless.contract.route.Method.POST;

import java.util.ArrayList;
import java.util.List;

/// The rows of the table: every route of ComfyUI 0.3.64 (server.py), those of newer servers that
/// clients call, and ours. Adding one is a line here and a class in the handlers.
public final class Routes {
    /// All rows; the page route, which takes every other GET, is the last.
    public static final List<Route> ALL = all();

    private Routes() {}

    private static List<Route> all() {
        List<Route> rows = new ArrayList<>();
        promptAndQueue(rows);
        nodesAndModels(rows);
        filesAndUsers(rows);
        system(rows);
        newer(rows);
        webhooks(rows);
        own(rows);
        pages(rows);
        return List.copyOf(rows);
    }

    private static void promptAndQueue(List<Route> rows) {
        built(rows, GET, "/ws", Family.SOCKET, "socket.open");
        built(rows, GET, "/prompt", Family.PROMPT, "prompt.remaining");
        built(rows, POST, "/prompt", Family.PROMPT, "prompt.submit");
        built(rows, GET, "/queue", Family.QUEUE, "queue.show");
        built(rows, POST, "/queue", Family.QUEUE, "queue.change");
        built(rows, POST, "/interrupt", Family.QUEUE, "queue.interrupt");
        built(rows, POST, "/free", Family.QUEUE, "queue.free");
        built(rows, GET, "/history", Family.HISTORY, "history.list");
        built(rows, GET, "/history/{prompt_id}", Family.HISTORY, "history.show");
        built(rows, POST, "/history", Family.HISTORY, "history.change");
    }

    private static void nodesAndModels(List<Route> rows) {
        built(rows, GET, "/object_info", Family.NODES, "nodes.all");
        built(rows, GET, "/object_info/{node_class}", Family.NODES, "nodes.one");
        built(rows, GET, "/embeddings", Family.MODELS, "models.embeddings");
        built(rows, GET, "/models", Family.MODELS, "models.folders");
        built(rows, GET, "/models/{folder}", Family.MODELS, "models.list");
        built(rows, GET, "/view_metadata/{folder_name}", Family.MODELS, "models.metadata");
        built(rows, GET, "/experiment/models", Family.MODELS, "models.experimental-folders");
        built(rows, GET, "/experiment/models/{folder}", Family.MODELS, "models.experimental-list");
        built(
                rows,
                GET,
                "/experiment/models/preview/{folder}/{path_index}/{filename+}",
                Family.MODELS,
                "models.preview");
    }

    private static void filesAndUsers(List<Route> rows) {
        built(rows, GET, "/view", Family.FILES, "files.view");
        built(rows, POST, "/upload/image", Family.FILES, "files.upload-image");
        built(rows, POST, "/upload/mask", Family.FILES, "files.upload-mask");
        built(rows, GET, "/userdata", Family.USERDATA, "userdata.list");
        built(rows, GET, "/v2/userdata", Family.USERDATA, "userdata.list-entries");
        built(rows, GET, "/userdata/{file}", Family.USERDATA, "userdata.read");
        built(rows, POST, "/userdata/{file}", Family.USERDATA, "userdata.write");
        built(rows, DELETE, "/userdata/{file}", Family.USERDATA, "userdata.delete");
        built(rows, POST, "/userdata/{file}/move/{dest}", Family.USERDATA, "userdata.move");
        built(rows, GET, "/users", Family.USERDATA, "users.list");
        built(rows, POST, "/users", Family.USERDATA, "users.add");
        built(rows, GET, "/settings", Family.SETTINGS, "settings.all");
        built(rows, POST, "/settings", Family.SETTINGS, "settings.change");
        built(rows, GET, "/settings/{id}", Family.SETTINGS, "settings.one");
        built(rows, POST, "/settings/{id}", Family.SETTINGS, "settings.set");
    }

    private static void system(List<Route> rows) {
        built(rows, GET, "/system_stats", Family.SYSTEM, "system.stats");
        built(rows, GET, "/features", Family.SYSTEM, "system.features");
        built(rows, GET, "/extensions", Family.SYSTEM, "system.extensions");
        built(rows, GET, "/workflow_templates", Family.SYSTEM, "system.workflow-templates");
        built(rows, GET, "/i18n", Family.SYSTEM, "system.translations");
        internal(rows, GET, "/internal/logs", "internal.log");
        internal(rows, GET, "/internal/logs/raw", "internal.log-entries");
        internal(rows, PATCH, "/internal/logs/subscribe", "internal.log-subscribe");
        internal(rows, GET, "/internal/folder_paths", "internal.folder-paths");
        internal(rows, GET, "/internal/files/{directory_type}", "internal.files");
    }

    private static void newer(List<Route> rows) {
        jobs(rows, GET, "/jobs", "jobs.list");
        jobs(rows, POST, "/jobs/cancel", "jobs.cancel-several");
        jobs(rows, GET, "/jobs/{job_id}", "jobs.show");
        jobs(rows, DELETE, "/jobs/{job_id}", "jobs.delete");
        jobs(rows, POST, "/jobs/{job_id}/cancel", "jobs.cancel");
        built(rows, GET, "/global_subgraphs", Family.NODES, "nodes.subgraphs");
        built(rows, GET, "/global_subgraphs/{id}", Family.NODES, "nodes.subgraph");
        built(rows, GET, "/node_replacements", Family.NODES, "nodes.replacements");
    }

    private static void webhooks(List<Route> rows) {
        api(rows, GET, "/webhooks", Family.WEBHOOKS, "webhooks.show");
        api(rows, POST, "/webhooks", Family.WEBHOOKS, "webhooks.set");
        api(rows, DELETE, "/webhooks", Family.WEBHOOKS, "webhooks.remove");
        api(rows, GET, "/webhooks/secret", Family.WEBHOOKS, "webhooks.secret");
        api(rows, POST, "/webhooks/secret", Family.WEBHOOKS, "webhooks.rotate");
        api(rows, GET, "/webhooks/deliveries", Family.WEBHOOKS, "webhooks.deliveries");
        api(
                rows,
                POST,
                "/webhooks/deliveries/{delivery_id}/replay",
                Family.WEBHOOKS,
                "webhooks.replay");
    }

    private static void own(List<Route> rows) {
        bare(rows, "/health", Family.SYSTEM, "system.health", Access.PUBLIC, true);
        bare(rows, "/openapi.json", Family.SYSTEM, "system.openapi", Access.PUBLIC, true);
        bare(rows, "/login", Family.ACCOUNT, "account.login-page", Access.PUBLIC, false);
        rows.add(
                new Route(
                        POST,
                        "/login",
                        Family.ACCOUNT,
                        "account.login",
                        Access.PUBLIC,
                        Prefix.BARE,
                        false));
        rows.add(
                new Route(
                        POST,
                        "/logout",
                        Family.ACCOUNT,
                        "account.logout",
                        Access.PUBLIC,
                        Prefix.BARE,
                        false));
        api(rows, POST, "/ws-ticket", Family.ACCOUNT, "account.socket-ticket");
        api(rows, POST, "/upload/presign", Family.FILES, "files.presign");
        api(rows, POST, "/upload/complete", Family.FILES, "files.complete");
    }

    private static void pages(List<Route> rows) {
        rows.add(new Route(GET, "/", Family.PAGE, "page.index", Access.PUBLIC, Prefix.BOTH, true));
        bare(rows, "/extensions/{path+}", Family.PAGE, "page.extension", Access.PUBLIC, true);
        bare(rows, "/templates/{path+}", Family.PAGE, "page.template", Access.PUBLIC, true);
        bare(rows, "/docs/{path+}", Family.PAGE, "page.documentation", Access.PUBLIC, true);
        bare(rows, "/{path+}", Family.PAGE, "page.file", Access.PUBLIC, true);
    }

    private static void built(
            List<Route> rows, Method method, String path, Family family, String name) {
        rows.add(new Route(method, path, family, name, Access.TENANT, Prefix.BOTH, true));
    }

    private static void internal(List<Route> rows, Method method, String path, String name) {
        rows.add(new Route(method, path, Family.INTERNAL, name, Access.TENANT, Prefix.BARE, false));
    }

    private static void jobs(List<Route> rows, Method method, String path, String name) {
        api(rows, method, path, Family.JOBS, name);
    }

    private static void api(
            List<Route> rows, Method method, String path, Family family, String name) {
        rows.add(new Route(method, path, family, name, Access.TENANT, Prefix.API, false));
    }

    private static void bare(
            List<Route> rows,
            String path,
            Family family,
            String name,
            Access access,
            boolean built) {
        rows.add(new Route(GET, path, family, name, access, Prefix.BARE, built));
    }
}
