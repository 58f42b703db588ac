package comfyserverless.handlers.pages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.file.Subfolder;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.FileAnswer;
import comfyserverless.handlers.http.MimeTypes;
import comfyserverless.handlers.http.Response;
import java.util.Optional;

/// The page itself, its files, and the list of scripts that it loads.
public final class Pages {
    private static final String DAY = "public, max-age=86400";

    private static final String WORKFLOWS = "api/workflow_templates";

    private final WebFiles files;

    public Pages(WebFiles files) {
        this.files = files;
    }

    /// `GET /`: the front page, never cached.
    public Response index(Call call) {
        return files.read("index.html")
                .map(bytes -> FileAnswer.of(call.request(), "text/html", bytes))
                .orElseGet(Response::noFile)
                .with("cache-control", "no-cache")
                .with("pragma", "no-cache")
                .with("expires", "0");
    }

    /// Any other path: a file of the page.
    public Response file(Call call) {
        return file(call, call.variable("path"));
    }

    /// A file below one folder of the page, the path of `/extensions/{path}` and the like.
    public Endpoint below(String folder) {
        return call -> file(call, folder + "/" + call.variable("path"));
    }

    private Response file(Call call, String path) {
        Optional<String> inside = Subfolder.normalised(path).filter(path::equals);
        Optional<byte[]> bytes = inside.flatMap(files::read);
        if (bytes.isPresent()) {
            return FileAnswer.of(call.request(), MimeTypes.of(path), bytes.get());
        }
        boolean folder =
                path.endsWith("/") && !files.list(path.substring(0, path.length() - 1)).isEmpty();
        return folder ? Response.text(403, "403: Forbidden") : missing(path);
    }

    /// `GET /extensions`: the scripts that a page imports.
    public Response extensions(Call call) {
        ArrayNode body = Json.mapper().createArrayNode();
        files.list("extensions").stream()
                .filter(path -> path.endsWith(".js"))
                .forEach(path -> body.add("/" + path));
        return Response.json(body);
    }

    /// `GET /workflow_templates`: the sample workflows of each node pack.
    public Response workflowTemplates(Call call) {
        ObjectNode body = Json.object();
        for (String path : files.list(WORKFLOWS)) {
            String[] parts = path.substring(WORKFLOWS.length() + 1).split("/", 2);
            if (parts.length == 2 && path.endsWith(".json")) {
                String name = parts[1].substring(0, parts[1].length() - ".json".length());
                body.withArrayProperty(parts[0]).add(name);
            }
        }
        return Response.json(body);
    }

    /// ComfyUI's 404 for a picture may be kept for a day, since it begins as a file's answer.
    private static Response missing(String path) {
        Response missing = Response.noFile();
        boolean picture = MimeTypes.of(path).startsWith("image/") && !path.endsWith(".svg");
        return picture ? missing.with("cache-control", DAY) : missing;
    }
}
