package comfyserverless.handlers;

import comfyserverless.contract.file.UserFiles;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.route.RouteTable;
import comfyserverless.contract.webhook.Replays;
import comfyserverless.handlers.auth.AuthSettings;
import comfyserverless.handlers.auth.Door;
import comfyserverless.handlers.auth.Login;
import comfyserverless.handlers.extension.Server;
import comfyserverless.handlers.history.GetHistory;
import comfyserverless.handlers.history.GetHistoryEntry;
import comfyserverless.handlers.history.PostHistory;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.http.Router;
import comfyserverless.handlers.internal.InternalFiles;
import comfyserverless.handlers.internal.InternalLogs;
import comfyserverless.handlers.job.ListJobs;
import comfyserverless.handlers.job.OneJob;
import comfyserverless.handlers.model.ExperimentModels;
import comfyserverless.handlers.model.GetModels;
import comfyserverless.handlers.model.ModelPreview;
import comfyserverless.handlers.model.ViewMetadata;
import comfyserverless.handlers.objectinfo.ObjectInfo;
import comfyserverless.handlers.pages.GatewayScript;
import comfyserverless.handlers.pages.MountedWebFiles;
import comfyserverless.handlers.pages.Pages;
import comfyserverless.handlers.pages.Subgraphs;
import comfyserverless.handlers.pages.Translations;
import comfyserverless.handlers.pages.WebFiles;
import comfyserverless.handlers.prompt.GetPrompt;
import comfyserverless.handlers.prompt.PostPrompt;
import comfyserverless.handlers.queue.Free;
import comfyserverless.handlers.queue.GetQueue;
import comfyserverless.handlers.queue.Interrupt;
import comfyserverless.handlers.queue.PostQueue;
import comfyserverless.handlers.queue.QueueNews;
import comfyserverless.handlers.system.Features;
import comfyserverless.handlers.system.OpenApi;
import comfyserverless.handlers.system.SystemStats;
import comfyserverless.handlers.upload.DirectUpload;
import comfyserverless.handlers.upload.UploadImage;
import comfyserverless.handlers.upload.UploadMask;
import comfyserverless.handlers.user.Settings;
import comfyserverless.handlers.user.UserData;
import comfyserverless.handlers.user.UserListing;
import comfyserverless.handlers.user.Users;
import comfyserverless.handlers.view.View;
import comfyserverless.handlers.webhook.WebhookRequest;
import comfyserverless.handlers.webhook.WebhookRoutes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Which class answers which route, by the names of the route table.
final class Endpoints {
    private Endpoints() {}

    static Router router(HandlerPorts ports, Door door) {
        Map<String, Endpoint> endpoints = new HashMap<>();
        accounts(endpoints, ports, door);
        jobs(endpoints, ports);
        newerJobs(endpoints, ports);
        webhooks(endpoints, ports);
        nodesAndModels(endpoints, ports);
        files(endpoints, ports);
        users(endpoints, ports);
        system(endpoints, ports);
        Server server = new Server(ports, news(ports), new PostPrompt(ports, news(ports)));
        endpoints.putAll(ports.extensions().endpoints(server));
        RouteTable table = ports.extensions().table();
        Set<String> served = new HashSet<>(endpoints.keySet());
        served.add("system.openapi");
        endpoints.put("system.openapi", new OpenApi(table, served));
        return new Router(table, endpoints);
    }

    static QueueNews news(HandlerPorts ports) {
        return new QueueNews(
                ports.jobs(),
                ports.connections(),
                ports.post(),
                ports.settings().otherSockets(),
                ports.statusBudget(),
                Thread::sleep);
    }

    /// Only where callers must show who they are.
    private static void accounts(Map<String, Endpoint> endpoints, HandlerPorts ports, Door door) {
        AuthSettings auth = ports.settings().auth();
        if (auth.isRequired()) {
            Login login = new Login(auth, ports.credentials(), door, ports.clock());
            endpoints.put("account.login-page", login::page);
            endpoints.put("account.login", login::login);
            endpoints.put("account.logout", login::logout);
            endpoints.put("account.socket-ticket", login::ticket);
        }
    }

    private static void jobs(Map<String, Endpoint> endpoints, HandlerPorts ports) {
        QueueNews news = news(ports);
        endpoints.put("prompt.remaining", new GetPrompt(ports.jobs()));
        endpoints.put("prompt.submit", new PostPrompt(ports, news));
        endpoints.put("queue.show", new GetQueue(ports.jobs()));
        endpoints.put("queue.change", new PostQueue(ports.jobs(), news));
        endpoints.put("queue.interrupt", new Interrupt(ports.jobs()));
        // In single-tenant mode the models are the caller's own.
        String own = ports.settings().tenant();
        endpoints.put(
                "queue.free",
                new Free(
                        ports.freeRequests(),
                        ports.tickets(),
                        call -> call.caller().admin() || call.tenant().equals(own)));
        endpoints.put("history.list", new GetHistory(ports.jobs()));
        endpoints.put("history.show", new GetHistoryEntry(ports.jobs()));
        endpoints.put("history.change", new PostHistory(ports.jobs()));
        // Sockets are opened by the WebSocket API; here arrives a request without an upgrade.
        endpoints.put(
                "socket.open",
                call -> Response.text(400, "No WebSocket UPGRADE: this address is a WebSocket's"));
    }

    private static void newerJobs(Map<String, Endpoint> endpoints, HandlerPorts ports) {
        endpoints.put("jobs.list", new ListJobs(ports.jobs(), ports.accounts(), ports.clock()));
        OneJob job = new OneJob(ports.jobs(), ports.files(), news(ports));
        endpoints.put("jobs.show", job::show);
        endpoints.put("jobs.delete", job::delete);
        endpoints.put("jobs.cancel", job::cancel);
        endpoints.put("jobs.cancel-several", job::cancelSeveral);
    }

    private static void webhooks(Map<String, Endpoint> endpoints, HandlerPorts ports) {
        WebhookRoutes routes =
                new WebhookRoutes(
                        ports.webhookSettings(),
                        new WebhookRequest(ports.webhooks()),
                        new Replays(
                                ports.webhooks().queue(),
                                ports.webhooks().dead(),
                                ports.deliveries()));
        endpoints.put("webhooks.show", routes::show);
        endpoints.put("webhooks.set", routes::set);
        endpoints.put("webhooks.remove", routes::remove);
        endpoints.put("webhooks.secret", routes::secret);
        endpoints.put("webhooks.rotate", routes::rotate);
        endpoints.put("webhooks.deliveries", routes::deliveries);
        endpoints.put("webhooks.replay", routes::replay);
    }

    private static void nodesAndModels(Map<String, Endpoint> endpoints, HandlerPorts ports) {
        ObjectInfo nodes = new ObjectInfo(ports.nodes(), ports.models(), ports.files());
        endpoints.put("nodes.all", nodes::all);
        endpoints.put("nodes.one", nodes::one);
        GetModels models = new GetModels(ports.models());
        endpoints.put("models.embeddings", models::embeddings);
        endpoints.put("models.folders", models::folders);
        endpoints.put("models.list", models::files);
        endpoints.put("models.metadata", new ViewMetadata(ports.models()));
        ExperimentModels experiment = new ExperimentModels(ports.models());
        endpoints.put("models.experimental-folders", experiment::folders);
        endpoints.put("models.experimental-list", experiment::files);
        endpoints.put("models.preview", new ModelPreview(ports.models()));
    }

    private static void files(Map<String, Endpoint> endpoints, HandlerPorts ports) {
        endpoints.put("files.view", new View(ports.files(), ports.settings().largestInline()));
        endpoints.put("files.upload-mask", new UploadMask(ports.files()));
        endpoints.put("files.upload-image", new UploadImage(ports.files()));
        Users users = new Users(ports.userFiles(), ports.ids(), ports.settings().multiUser());
        DirectUpload direct =
                new DirectUpload(
                        ports.uploads(), ports.files(), users, new PostPrompt(ports, news(ports)));
        endpoints.put("files.presign", direct::presign);
        endpoints.put("files.complete", direct::complete);
        Map<String, WebFiles> mounts = new LinkedHashMap<>();
        mounts.put(GatewayScript.PLACE, new GatewayScript());
        mounts.put("", ports.webFiles());
        Pages pages = new Pages(new MountedWebFiles(mounts));
        endpoints.put("page.index", pages::index);
        endpoints.put("page.file", pages::file);
        endpoints.put("page.extension", pages.below("extensions"));
        endpoints.put("page.template", pages.below("templates"));
        endpoints.put("page.documentation", pages.below("docs"));
        endpoints.put("system.extensions", pages::extensions);
        endpoints.put("system.workflow-templates", pages::workflowTemplates);
    }

    private static void users(Map<String, Endpoint> endpoints, HandlerPorts ports) {
        UserFiles files = ports.userFiles();
        Users users = new Users(files, ports.ids(), ports.settings().multiUser());
        endpoints.put("users.list", users::list);
        endpoints.put("users.add", users::add);
        Settings settings = new Settings(users, files);
        endpoints.put("settings.all", settings::all);
        endpoints.put("settings.change", settings::change);
        endpoints.put("settings.one", settings::one);
        endpoints.put("settings.set", settings::set);
        UserListing listing = new UserListing(users, files);
        endpoints.put("userdata.list", listing::files);
        endpoints.put("userdata.list-entries", listing::entries);
        UserData data = new UserData(users, files);
        endpoints.put("userdata.read", data::read);
        endpoints.put("userdata.write", data::write);
        endpoints.put("userdata.delete", data::delete);
        endpoints.put("userdata.move", data::move);
    }

    private static void system(Map<String, Endpoint> endpoints, HandlerPorts ports) {
        endpoints.put("system.stats", new SystemStats(ports.runners(), ports.settings()));
        endpoints.put("system.features", new Features(ports.settings()));
        endpoints.put("system.translations", new Translations(ports.webFiles()));
        Subgraphs subgraphs = new Subgraphs(ports.webFiles());
        endpoints.put("nodes.subgraphs", subgraphs::list);
        endpoints.put("nodes.subgraph", subgraphs::one);
        // No node class of ours stands for another yet.
        endpoints.put("nodes.replacements", call -> Response.json(Json.object()));
        InternalLogs logs = new InternalLogs(ports.jobLog(), ports.connections());
        endpoints.put("internal.log", logs::text);
        endpoints.put("internal.log-entries", logs::entries);
        endpoints.put("internal.log-subscribe", logs::subscribe);
        InternalFiles folders = new InternalFiles(ports.files(), ports.models());
        endpoints.put("internal.folder-paths", folders::folderPaths);
        endpoints.put("internal.files", folders::list);
        endpoints.put("system.health", call -> Response.json(Json.object().put("status", "ok")));
    }
}
