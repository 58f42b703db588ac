package comfyserverless.handlers.pages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.table.Digests;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `GET /global_subgraphs` and `/global_subgraphs/{id}`: the subgraphs that packs bring (subgraph_manager.py of
/// newer servers), `{id: {source, name, info: {node_pack}}}`, one of them with its `data`.
public final class Subgraphs {
    private static final Pattern FILE = Pattern.compile("packs/([^/]+)/subgraphs/([^/]+)\\.json");

    private final WebFiles files;

    public Subgraphs(WebFiles files) {
        this.files = files;
    }

    public Response list(Call call) {
        ObjectNode all = Json.object();
        for (String path : files.list("packs")) {
            Matcher file = FILE.matcher(path);
            if (file.matches()) {
                all.set(id(path), entry(file));
            }
        }
        return Response.json(all);
    }

    public Response one(Call call) {
        String wanted = call.variable("id");
        for (String path : files.list("packs")) {
            Matcher file = FILE.matcher(path);
            Optional<byte[]> data =
                    file.matches() && id(path).equals(wanted) ? files.read(path) : Optional.empty();
            if (data.isPresent()) {
                return Response.json(
                        entry(file).put("data", new String(data.get(), StandardCharsets.UTF_8)));
            }
        }
        return Response.empty(404);
    }

    private static ObjectNode entry(Matcher file) {
        ObjectNode entry = Json.object().put("source", "custom_node").put("name", file.group(2));
        entry.putObject("info").put("node_pack", "custom_nodes." + file.group(1));
        return entry;
    }

    private static String id(String path) {
        return Digests.hex(path.getBytes(StandardCharsets.UTF_8));
    }
}
