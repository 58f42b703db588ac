package comfyserverless.handlers.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.Models;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Response;
import java.util.List;

/// `GET /models`, `/models/{folder}` and `/embeddings`: names of folders and of their files.
public final class GetModels {
    private final Models models;

    public GetModels(Models models) {
        this.models = models;
    }

    public Response folders(Call call) {
        return Response.json(texts(models.folders()));
    }

    public Response files(Call call) {
        String folder = call.variable("folder");
        if (!models.folders().contains(folder)) {
            return Response.empty(404);
        }
        return Response.json(texts(names(call.tenant(), folder)));
    }

    public Response embeddings(Call call) {
        return Response.json(
                texts(
                        names(call.tenant(), "embeddings").stream()
                                .map(GetModels::withoutExtension)
                                .toList()));
    }

    private List<String> names(String tenant, String folder) {
        return models.list(tenant, folder).stream().map(ModelFile::name).toList();
    }

    private static String withoutExtension(String name) {
        int dot = name.lastIndexOf('.');
        return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
    }

    private static ArrayNode texts(List<String> texts) {
        ArrayNode array = Json.mapper().createArrayNode();
        texts.forEach(array::add);
        return array;
    }
}
