package comfyserverless.handlers.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.Models;
import comfyserverless.handlers.file.UnixTime;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Response;
import java.util.Set;

/// `GET /experiment/models` and `/experiment/models/{folder}`: the model library of the page.
public final class ExperimentModels {
    private static final Set<String> LEFT_OUT = Set.of("configs", "custom_nodes");

    private final Models models;

    public ExperimentModels(Models models) {
        this.models = models;
    }

    public Response folders(Call call) {
        ArrayNode body = Json.mapper().createArrayNode();
        for (String folder : models.folders()) {
            if (!LEFT_OUT.contains(folder)) {
                ObjectNode entry = body.addObject().put("name", folder);
                entry.putArray("folders").add("models/" + folder);
            }
        }
        return Response.json(body);
    }

    public Response files(Call call) {
        String folder = call.variable("folder");
        if (!models.folders().contains(folder)) {
            return Response.empty(404);
        }
        ArrayNode body = Json.mapper().createArrayNode();
        for (ModelFile file : models.list(call.tenant(), folder)) {
            ObjectNode entry = body.addObject();
            entry.put("name", file.name()).put("pathIndex", file.root());
            entry.set("modified", UnixTime.seconds(file.modified()));
            entry.set("created", UnixTime.seconds(file.modified()));
            entry.put("size", file.size());
        }
        return Response.json(body);
    }
}
