package comfyserverless.runner.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// A TIFF block with nothing but texts, for the EXIF part of picture files.
public final class ExifTexts {
    private static final short ASCII = 2;
    private static final int ENTRY = 12;

    private ExifTexts() {}

    /// The block; empty without texts.
    ///
    /// @param texts tag number → text; what is not ASCII becomes `?`
    public static byte[] of(Map<Integer, String> texts) {
        if (texts.isEmpty()) {
            return new byte[0];
        }
        int behind = 8 + 2 + ENTRY * texts.size() + 4;
        int length = behind;
        for (String text : texts.values()) {
            length += text.length() + 1;
        }
        ByteBuffer block = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        block.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
        block.putShort((short) texts.size());
        for (Map.Entry<Integer, String> text : new TreeMap<>(texts).entrySet()) {
            byte[] content = (text.getValue() + "\0").getBytes(StandardCharsets.US_ASCII);
            block.putShort(text.getKey().shortValue()).putShort(ASCII).putInt(content.length);
            if (content.length <= Integer.BYTES) {
                block.put(content).put(new byte[Integer.BYTES - content.length]);
            } else {
                block.putInt(behind);
                block.put(behind, content);
                behind += content.length;
            }
        }
        return block.array();
    }
}
