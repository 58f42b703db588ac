package comfyserverless.localstack.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A binary WebSocket message in the form that the recordings give it.
final class BinaryMessage {
    private static final int PICTURE = 1;
    private static final int TEXT = 3;
    private static final int PICTURE_WITH_METADATA = 4;

    private BinaryMessage() {}

    /// `{"type": "binary", "data": {"event": n, …}}`; what cannot be read is named in `undecoded`.
    static ObjectNode describe(ByteBuffer frame) {
        ObjectNode message = Json.object().put("type", "binary");
        ObjectNode data = message.putObject("data");
        try {
            int event = frame.getInt();
            data.put("event", event);
            switch (event) {
                case PICTURE -> {
                    data.put("image_type", frame.getInt());
                    data.set("image", PictureFacts.of(rest(frame)));
                }
                case TEXT -> {
                    data.put("node", text(take(frame)));
                    data.put("text", text(rest(frame)));
                }
                case PICTURE_WITH_METADATA -> {
                    data.set("metadata", Json.read(take(frame)));
                    data.set("image", PictureFacts.of(rest(frame)));
                }
                default -> data.put("length", frame.limit());
            }
        } catch (BufferUnderflowException
                | IOException
                | MalformedJson
                | IllegalArgumentException e) {
            data.put("undecoded", String.valueOf(e.getMessage()));
        }
        return message;
    }

    private static byte[] take(ByteBuffer frame) {
        int length = frame.getInt();
        if (length < 0 || length > frame.remaining()) {
            throw new IllegalArgumentException(length + " bytes announced");
        }
        byte[] bytes = new byte[length];
        frame.get(bytes);
        return bytes;
    }

    private static byte[] rest(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
