package comfyserverless.contract.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// A list of models as gzipped JSON: an array of `{folder, name, size, modified, tag, sha256}`.
final class ModelLists {
    private ModelLists() {}

    static byte[] write(Iterable<StoredModel> files) {
        ArrayNode list = Json.mapper().createArrayNode();
        for (StoredModel file : files) {
            ObjectNode json = list.addObject();
            json.put("folder", file.folder()).put("name", file.name()).put("size", file.size());
            json.put("modified", file.modified().toEpochMilli()).put("tag", file.tag());
            if (file.sha256() != null) {
                json.put("sha256", file.sha256());
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(Json.writeBytes(list));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// By folder.
    static Map<String, List<StoredModel>> read(byte[] gzip) {
        Map<String, List<StoredModel>> files = new LinkedHashMap<>();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            for (JsonNode json : Json.readStored(in.readAllBytes())) {
                String folder = json.path("folder").asText();
                files.computeIfAbsent(folder, f -> new ArrayList<>()).add(file(folder, json));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a list of models is damaged", e);
        }
        return Collections.unmodifiableMap(files);
    }

    private static StoredModel file(String folder, JsonNode json) {
        return new StoredModel(
                folder,
                json.path("name").asText(),
                json.path("size").asLong(),
                Instant.ofEpochMilli(json.path("modified").asLong()),
                json.path("tag").asText(),
                json.hasNonNull("sha256") ? json.path("sha256").asText() : null);
    }
}
