package comfyserverless.contract.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The binary messages of ComfyUI's WebSocket: big-endian, the message type in the first 4 bytes.
@SuppressWarnings("ArrayRecordComponent")
public sealed interface BinaryFrame {

    /// Type 1: a picture; its format stands as 1 (JPEG) or 2 (PNG).
    record Picture(String mime, byte[] bytes) implements BinaryFrame {}

    /// Type 3: a line of text of a node.
    record Text(String node, String text) implements BinaryFrame {}

    /// Type 4: a picture with the ids of its node and prompt; `image_type` in the metadata is its MIME
    /// type.
    record DescribedPicture(ObjectNode metadata, byte[] bytes) implements BinaryFrame {}

    int PICTURE = 1;
    int TEXT = 3;
    int DESCRIBED_PICTURE = 4;
    int JPEG = 1;
    int PNG = 2;

    /// The picture as this client understands it: with its metadata only where they are announced.
    static BinaryFrame of(PreviewFrame frame, boolean metadataUnderstood) {
        ObjectNode metadata = frame.metadata();
        if (metadata == null || !metadataUnderstood) {
            return new Picture(frame.mime(), frame.picture());
        }
        return new DescribedPicture(
                metadata.deepCopy().put("image_type", frame.mime()), frame.picture());
    }

    static BinaryFrame of(Event.ProgressText text) {
        return new Text(text.node(), text.text());
    }

    default byte[] encode() {
        return switch (this) {
            case Picture p -> join(PICTURE, p.mime().equals("image/png") ? PNG : JPEG, p.bytes());
            case Text t -> {
                byte[] node = t.node().getBytes(StandardCharsets.UTF_8);
                byte[] text = t.text().getBytes(StandardCharsets.UTF_8);
                yield join(TEXT, node.length, node, text);
            }
            case DescribedPicture p -> {
                byte[] json = p.metadata().toString().getBytes(StandardCharsets.UTF_8);
                yield join(DESCRIBED_PICTURE, json.length, json, p.bytes());
            }
        };
    }

    /// Reads a frame; an [IllegalArgumentException] says what is wrong with a broken one.
    static BinaryFrame decode(byte[] frame) {
        ByteBuffer in = ByteBuffer.wrap(frame);
        try {
            int type = in.getInt();
            int second = in.getInt();
            return switch (type) {
                case PICTURE -> new Picture(second == PNG ? "image/png" : "image/jpeg", rest(in));
                case TEXT -> new Text(utf8(take(in, second)), utf8(rest(in)));
                case DESCRIBED_PICTURE -> new DescribedPicture(object(take(in, second)), rest(in));
                default ->
                        throw new IllegalArgumentException("unknown binary message type " + type);
            };
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException(
                    "binary message of " + frame.length + " bytes ends too early", e);
        }
    }

    private static byte[] join(int type, int second, byte[]... parts) {
        int length = 8;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer out = ByteBuffer.allocate(length).putInt(type).putInt(second);
        for (byte[] part : parts) {
            out.put(part);
        }
        return out.array();
    }

    private static byte[] take(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException(
                    "a part of " + length + " bytes is announced, " + in.remaining() + " follow");
        }
        byte[] part = new byte[length];
        in.get(part);
        return part;
    }

    private static byte[] rest(ByteBuffer in) {
        return take(in, in.remaining());
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static ObjectNode object(byte[] json) {
        try {
            JsonNode node = Codec.MAPPER.readTree(json);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalArgumentException("the metadata are no JSON object: " + node);
        } catch (IOException e) {
            throw new UncheckedIOException("the metadata are no JSON", e);
        }
    }

    /// Holds the mapper, which an interface cannot keep private.
    final class Codec {
        private static final ObjectMapper MAPPER = new ObjectMapper();

        private Codec() {}
    }
}
