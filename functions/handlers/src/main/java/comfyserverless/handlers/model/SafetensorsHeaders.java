package comfyserverless.handlers.model;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.Models;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// The JSON at the head of safetensors files; of a file no more than that is read.
final class SafetensorsHeaders {
    private static final int LENGTH_BYTES = 8;

    private final Models models;

    SafetensorsHeaders(Models models) {
        this.models = models;
    }

    /// Empty if the file has none, or one of more than `longest` bytes.
    Optional<JsonNode> of(String tenant, ModelFile file, int longest) {
        byte[] length = read(tenant, file, 0, LENGTH_BYTES);
        if (length.length < LENGTH_BYTES) {
            return Optional.empty();
        }
        long bytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (bytes <= 0 || bytes > longest) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.readStored(read(tenant, file, LENGTH_BYTES, bytes)));
        } catch (MalformedJson e) {
            return Optional.empty();
        }
    }

    /// Some bytes of a file.
    byte[] read(String tenant, ModelFile file, long from, long length) {
        try (InputStream in = models.read(tenant, file, from, length)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.name(), e);
        }
    }
}
