package comfyserverless.handlers.upload;

import comfyserverless.contract.file.Files;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;
import java.util.Optional;

/// `POST /upload/image`: stores a file of any kind and answers with the name that it got.
public final class UploadImage implements Endpoint {
    private final UploadedFiles uploads;

    public UploadImage(Files files) {
        this.uploads = new UploadedFiles(files);
    }

    @Override
    public Response answer(Call call) {
        Optional<Upload> upload = Upload.of(call.request());
        if (upload.isEmpty()) {
            return Response.empty(400);
        }
        return stored(uploads, call.tenant(), upload.get(), upload.get().bytes());
    }

    static Response stored(UploadedFiles uploads, String tenant, Upload upload, byte[] bytes) {
        try {
            String name = uploads.store(tenant, upload, bytes);
            return Response.json(
                    Json.object()
                            .put("name", name)
                            .put("subfolder", upload.subfolder())
                            .put("type", upload.type().word()));
        } catch (UploadedFiles.OutsideFolder e) {
            return Response.empty(400);
        }
    }
}
