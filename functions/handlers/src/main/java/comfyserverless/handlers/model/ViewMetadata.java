package comfyserverless.handlers.model;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.Models;
import comfyserverless.handlers.file.Subfolder;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// `GET /view_metadata/{folder}?filename=`: the `__metadata__` of a safetensors file. Only its header
/// is read, and only up to 1 MiB.
public final class ViewMetadata implements Endpoint {
    private static final int LONGEST_HEADER = 1 << 20;
    private static final int LENGTH_BYTES = 8;

    private final Models models;

    public ViewMetadata(Models models) {
        this.models = models;
    }

    @Override
    public Response answer(Call call) {
        return file(call)
                .flatMap(file -> header(call.tenant(), file))
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
        return Subfolder.normalised(name)
                .filter(name::equals)
                .flatMap(inside -> models.find(call.tenant(), folder, inside));
    }

    private Optional<JsonNode> header(String tenant, ModelFile file) {
        byte[] length = read(tenant, file, 0, LENGTH_BYTES);
        if (length.length < LENGTH_BYTES) {
            return Optional.empty();
        }
        long bytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (bytes <= 0 || bytes > LONGEST_HEADER) {
            return Optional.empty();
        }
        return parsed(read(tenant, file, LENGTH_BYTES, bytes));
    }

    private static Optional<JsonNode> parsed(byte[] header) {
        try {
            return Optional.of(Json.read(header));
        } catch (MalformedJson e) {
            return Optional.empty();
        }
    }

    private byte[] read(String tenant, ModelFile file, long from, long length) {
        try (InputStream in = models.read(tenant, file, from, length)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the header of " + file.name(), e);
        }
    }
}
