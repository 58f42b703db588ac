package comfyserverless.contract.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Binary messages as text, for gateways that send no binary: `binary_frame` messages whose data is
/// the frame in base64, or, where one message would be too long, `{id, part, parts, data}` with the
/// parts counted from 0. Sent only to clients that announced [ClientFeatures#binaryFrame].
public final class WrappedFrame {
    /// The message type.
    public static final String TYPE = "binary_frame";

    private static final int ENVELOPE = 160;

    private WrappedFrame() {}

    /// The text messages that carry `frame`, each at most `maxMessage` bytes long.
    ///
    /// @param id names the frame where it needs parts; new for each frame
    public static List<String> wrap(byte[] frame, String id, int maxMessage) {
        int room = (maxMessage - ENVELOPE - id.length()) / 4 * 3;
        if (room <= 0) {
            throw new IllegalArgumentException("no frame fits into " + maxMessage + " bytes");
        }
        Base64.Encoder base64 = Base64.getEncoder();
        if (frame.length <= room) {
            TextNode data = TextNode.valueOf(base64.encodeToString(frame));
            return List.of(EventJson.message(TYPE, data).toString());
        }
        int parts = (frame.length + room - 1) / room;
        List<String> messages = new ArrayList<>(parts);
        for (int part = 0; part < parts; part++) {
            int from = part * room;
            byte[] bytes = Arrays.copyOfRange(frame, from, Math.min(frame.length, from + room));
            ObjectNode data = JsonNodeFactory.instance.objectNode();
            data.put("id", id).put("part", part).put("parts", parts);
            data.put("data", base64.encodeToString(bytes));
            messages.add(EventJson.message(TYPE, data).toString());
        }
        return messages;
    }
}
