package comfyserverless.handlers.upload;

import comfyserverless.contract.file.Files;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;
import java.util.Optional;
import java.util.function.Supplier;

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
        Content content = new Content.Bytes(upload.get().bytes());
        return stored(uploads, call.tenant(), upload.get().target(), content);
    }

    private static Response stored(
            UploadedFiles uploads, String tenant, Target target, Content content) {
        return answer(target, () -> uploads.store(tenant, target, content, content));
    }

    /// Answers with the name that a file got; a bare 400 where it would lie outside of its folder.
    static Response answer(Target target, Supplier<String> storing) {
        try {
            return Response.json(
                    Json.object()
                            .put("name", storing.get())
                            .put("subfolder", target.subfolder())
                            .put("type", target.type().word()));
        } catch (UploadedFiles.OutsideFolder e) {
            return Response.empty(400);
        }
    }
}
