package comfyserverless.runner.recorded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// The `tEXt` chunks of a PNG.
public final class PngTexts {
    private PngTexts() {}

    public static Map<String, String> read(byte[] png) {
        Map<String, String> texts = new LinkedHashMap<>();
        ByteBuffer in = ByteBuffer.wrap(png, 8, png.length - 8);
        while (in.hasRemaining()) {
            byte[] body = new byte[in.getInt()];
            byte[] type = new byte[4];
            in.get(type).get(body).getInt();
            if (new String(type, StandardCharsets.US_ASCII).equals("tEXt")) {
                String text = new String(body, StandardCharsets.ISO_8859_1);
                int end = text.indexOf('\0');
                texts.put(text.substring(0, end), text.substring(end + 1));
            }
        }
        return texts;
    }
}
