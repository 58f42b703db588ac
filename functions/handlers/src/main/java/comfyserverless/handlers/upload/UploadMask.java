package comfyserverless.handlers.upload;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.file.AnnotatedName;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.handlers.file.Subfolder;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.picture.Pictures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/// `POST /upload/mask`: stores the picture that `original_ref` names with the alpha of the uploaded
/// mask, as a new picture under the mask's name.
public final class UploadMask implements Endpoint {
    private final Files files;
    private final UploadedFiles uploads;

    public UploadMask(Files files) {
        this.files = files;
        this.uploads = new UploadedFiles(files);
    }

    @Override
    public Response answer(Call call) {
        Optional<Upload> upload = Upload.of(call.request());
        if (upload.isEmpty()) {
            return Response.empty(400);
        }
        return merged(
                call.tenant(),
                upload.get().target(),
                reference(upload.get()),
                upload.get().bytes());
    }

    /// Stores the picture with the mask's alpha.
    Response merged(String tenant, Target target, JsonNode reference, byte[] mask) {
        byte[] original = bytes(tenant, original(reference));
        Content picture =
                new Content.Bytes(Pictures.withAlphaOf(original, mask, target.fileName()));
        return UploadImage.answer(
                target, () -> uploads.store(tenant, target, picture, new Content.Bytes(mask)));
    }

    private static JsonNode reference(Upload upload) {
        String text = upload.form().text("original_ref");
        if (text == null) {
            throw refused("the field is missing");
        }
        try {
            return Json.read(text);
        } catch (MalformedJson e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private static FileRef original(JsonNode reference) {
        AnnotatedName named = AnnotatedName.of(reference.path("filename").asText(""));
        String word = reference.path("type").asText(FileType.OUTPUT.word());
        FileType type = named.type() != null ? named.type() : FileType.of(word).orElse(null);
        if (type == null) {
            throw refused("the type \"" + word + "\" is none of input, output and temp");
        }
        Optional<String> path =
                Subfolder.inside(type.word(), reference.path("subfolder").asText(""))
                        .flatMap(folder -> Subfolder.joined(folder, named.name()));
        if (path.isEmpty() || path.get().isEmpty() || named.name().contains("..")) {
            throw refused("\"" + named.name() + "\" names no file inside the folder");
        }
        int slash = path.get().lastIndexOf('/');
        try {
            String subfolder = slash < 0 ? "" : path.get().substring(0, slash);
            return new FileRef(type, subfolder, path.get().substring(slash + 1));
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private byte[] bytes(String tenant, FileRef ref) {
        StoredFile file =
                files.find(tenant, ref)
                        .orElseThrow(() ->
                                HttpProblem.of(
                                        404,
                                        "original_missing",
                                        "The picture that the mask belongs to is not there",
                                        ref.name() + " in " + ref.type().word()));
        try (InputStream in = files.read(tenant, file, 0)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + ref, e);
        }
    }

    private static HttpProblem refused(String why) {
        return HttpProblem.badRequest("invalid_original_ref", "original_ref names no picture", why);
    }
}
