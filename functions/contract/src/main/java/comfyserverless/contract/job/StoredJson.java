package comfyserverless.contract.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// JSON that lies gzipped in an item, or in the object store where it is too large for one.
final class StoredJson {
    private static final String INLINE = "z";
    private static final String ELSEWHERE = "s3";

    private final Blobs blobs;

    StoredJson(Blobs blobs) {
        this.blobs = blobs;
    }

    static byte[] gzip(ObjectNode json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
            zipped.write(Json.writeBytes(json));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write JSON to memory", e);
        }
        return bytes.toByteArray();
    }

    /// The item with the JSON in it or, beyond `inline` bytes, the object key under which it then is.
    Item store(Item item, byte[] gzip, int inline, String objectKey) {
        if (gzip.length <= inline) {
            return item.with(INLINE, Value.of(gzip));
        }
        blobs.put(objectKey, gzip);
        return item.with(ELSEWHERE, objectKey);
    }

    ObjectNode load(Item item) {
        try (InputStream gzip = open(item);
                InputStream json = new GZIPInputStream(gzip)) {
            JsonNode node = Json.readStored(json.readAllBytes());
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalStateException("item " + item.key() + " holds no JSON object");
        } catch (MalformedJson e) {
            throw new IllegalStateException("item " + item.key() + " holds broken JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the JSON of item " + item.key(), e);
        }
    }

    private InputStream open(Item item) {
        if (item.has(INLINE)) {
            return new ByteArrayInputStream(item.bytes(INLINE));
        }
        String objectKey = item.text(ELSEWHERE);
        return blobs.read(objectKey, 0)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "the object " + objectKey + " of item " + item.key() + " is gone"));
    }

    void deleteObject(Item item) {
        String objectKey = item.textOrNull(ELSEWHERE);
        if (objectKey != null) {
            blobs.delete(objectKey);
        }
    }
}
