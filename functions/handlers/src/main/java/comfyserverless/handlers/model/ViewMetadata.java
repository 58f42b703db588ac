package comfyserverless.handlers.model;

import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.Models;
import comfyserverless.handlers.file.Subfolder;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;
import java.util.Optional;

/// `GET /view_metadata/{folder}?filename=`: the `__metadata__` of a safetensors file. Only its header
/// is read, and only up to 1 MiB.
public final class ViewMetadata implements Endpoint {
    private static final int LONGEST_HEADER = 1 << 20;

    private final Models models;
    private final SafetensorsHeaders headers;

    public ViewMetadata(Models models) {
        this.models = models;
        this.headers = new SafetensorsHeaders(models);
    }

    @Override
    public Response answer(Call call) {
        return file(call)
                .flatMap(file -> headers.of(call.tenant(), file, LONGEST_HEADER))
                .map(header -> header.get("__metadata__"))
                .map(Response::json)
                .orElseGet(() -> Response.empty(404));
    }

    private Optional<ModelFile> file(Call call) {
        String name = call.request().parameter("filename");
        String folder = call.variable("folder_name");
        if (name == null || !name.endsWith(".safetensors") || !models.folders().contains(folder)) {
            return Optional.empty();
        }
        return models.find(call.tenant(), folder, Subfolder.below(name));
    }
}
