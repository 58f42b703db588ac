package comfyserverless.handlers.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.model.Models;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Response;
import java.util.Comparator;
import java.util.Optional;

/// `GET /internal/files/{type}` and `/internal/folder_paths`.
public final class InternalFiles {
    private final Files files;
    private final Models models;

    public InternalFiles(Files files, Models models) {
        this.files = files;
        this.models = models;
    }

    /// The names of the files at the top of a folder, newest first.
    public Response list(Call call) {
        Optional<FileType> type = FileType.of(call.variable("directory_type"));
        if (type.isEmpty()) {
            return Response.json(400, Json.object().put("error", "Invalid directory type"));
        }
        ArrayNode body = Json.mapper().createArrayNode();
        files.list(call.tenant(), type.get()).stream()
                .filter(file -> file.ref().subfolder().isEmpty())
                .sorted(Comparator.comparing(StoredFile::modified).reversed())
                .forEach(file -> body.add(file.ref().name()));
        return Response.json(body);
    }

    public Response folderPaths(Call call) {
        ObjectNode body = Json.object();
        models.folders().forEach(folder -> body.putArray(folder).add("models/" + folder));
        return Response.json(body);
    }
}
