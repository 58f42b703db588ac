package comfyserverless.handlers.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.Models;
import comfyserverless.handlers.file.Subfolder;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.MimeTypes;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.picture.Pictures;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// `GET /experiment/models/preview/{folder}/{path_index}/{filename}`: the picture that lies beside a
/// model (`name.png`, `name.preview.png`), else the first cover in its metadata, as WebP
/// (model_manager.py, ComfyUI 0.3.64).
public final class ModelPreview implements Endpoint {
    private static final int LONGEST_HEADER = 8 << 20;
    private static final int LARGEST_PICTURE = 32 << 20;

    private final Models models;
    private final SafetensorsHeaders headers;

    public ModelPreview(Models models) {
        this.models = models;
        this.headers = new SafetensorsHeaders(models);
    }

    @Override
    public Response answer(Call call) {
        int root = root(call.variable("path_index"));
        String folder = call.variable("folder");
        Optional<String> name = Subfolder.normalised(call.variable("filename"));
        if (!models.folders().contains(folder) || name.isEmpty()) {
            return Response.empty(404);
        }
        String stem = stem(name.get());
        List<ModelFile> beside = models.beside(call.tenant(), folder, root, stem);
        return picture(call.tenant(), beside, stem)
                .or(() -> cover(call.tenant(), beside))
                .flatMap(ModelPreview::shown)
                .orElseGet(() -> Response.empty(404));
    }

    private static int root(String given) {
        try {
            return Integer.parseInt(given.strip());
        } catch (NumberFormatException e) {
            throw HttpProblem.badRequest(
                    "invalid_number", "path_index must be a whole number", "\"" + given + "\"");
        }
    }

    private Optional<byte[]> picture(String tenant, List<ModelFile> beside, String stem) {
        return beside.stream()
                .filter(file -> MimeTypes.of(file.name()).startsWith("image/"))
                .filter(file -> {
                    String named = stem(file.name());
                    return named.equals(stem) || named.equals(stem + ".preview");
                })
                .filter(file -> file.size() <= LARGEST_PICTURE)
                .findFirst()
                .map(file -> headers.read(tenant, file, 0, file.size()));
    }

    private Optional<byte[]> cover(String tenant, List<ModelFile> beside) {
        return beside.stream()
                .filter(file -> file.name().endsWith(".safetensors"))
                .findFirst()
                .flatMap(file -> headers.of(tenant, file, LONGEST_HEADER))
                .map(header -> header.at("/__metadata__/ssmd_cover_images"))
                .filter(JsonNode::isTextual)
                .flatMap(covers -> first(covers.textValue()));
    }

    /// The first of a JSON list of base64 texts.
    private static Optional<byte[]> first(String covers) {
        try {
            String base64 = Json.readStored(covers.getBytes(UTF_8)).path(0).asText("");
            return base64.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Base64.getDecoder().decode(base64));
        } catch (MalformedJson | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Empty for what is no picture: a broken preview is none.
    private static Optional<Response> shown(byte[] picture) {
        try {
            Pictures.Encoded webp = Pictures.preview(picture, "webp;80", "");
            return Optional.of(Response.bytes(200, webp.contentType(), webp.bytes()));
        } catch (HttpProblem e) {
            return Optional.empty();
        }
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
    }
}
