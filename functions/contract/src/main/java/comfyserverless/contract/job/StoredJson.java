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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// JSON that lies gzipped in an item, or in the object store where it is too large for one.
final class StoredJson {
    private static final String INLINE = "z";

    /// The attribute with an object key, and how the names of all such attributes begin.
    static final String ELSEWHERE = "s3";

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
        return load(item, INLINE, ELSEWHERE);
    }

    /// What lies in one attribute of an item, or under the object key in another.
    ObjectNode load(Item item, String inline, String elsewhere) {
        try {
            byte[] json =
                    item.has(inline) ? unzipped(item.bytes(inline)) : unzipped(item, elsewhere);
            JsonNode node = Json.readStored(json);
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

    /// Lists hold hundreds of these: the last four bytes say how long the text is, so that it needs no buffers.
    private static byte[] unzipped(byte[] gzip) throws IOException {
        int length = ByteBuffer.wrap(gzip).order(ByteOrder.LITTLE_ENDIAN).getInt(gzip.length - 4);
        try (InputStream json = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return json.readNBytes(length);
        }
    }

    private byte[] unzipped(Item item, String elsewhere) throws IOException {
        String objectKey = item.text(elsewhere);
        Optional<InputStream> object = blobs.read(objectKey, 0);
        if (object.isEmpty()) {
            throw new IllegalStateException(
                    "the object " + objectKey + " of item " + item.key() + " is gone");
        }
        try (InputStream gzip = object.get();
                InputStream json = new GZIPInputStream(gzip)) {
            return json.readAllBytes();
        }
    }

    /// Deletes the objects that an item names.
    void deleteObjects(Item item) {
        item.values().keySet().stream()
                .filter(name -> name.startsWith(ELSEWHERE))
                .map(item::text)
                .forEach(blobs::delete);
    }
}
