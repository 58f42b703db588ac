package comfyserverless.handlers.picture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// The text chunks of PNG files, where ComfyUI keeps prompt and workflow.
final class PngTexts {
    private static final int SIGNATURE = 8;
    private static final int HEADER = 8;
    private static final int CHECKSUM = 4;
    private static final long PNG = 0x89504e470d0a1a0aL;
    private static final Set<String> TEXTS = Set.of("tEXt", "zTXt", "iTXt");

    private PngTexts() {}

    /// `to` with the text chunks of `from` after its header; as it is if `from` is no PNG.
    static byte[] copy(byte[] from, byte[] to) {
        byte[] texts = texts(from);
        int afterHeader = SIGNATURE + HEADER + length(to, SIGNATURE) + CHECKSUM;
        ByteBuffer joined = ByteBuffer.allocate(to.length + texts.length);
        joined.put(to, 0, afterHeader).put(texts);
        return joined.put(to, afterHeader, to.length - afterHeader).array();
    }

    private static byte[] texts(byte[] png) {
        ByteArrayOutputStream texts = new ByteArrayOutputStream();
        boolean isPng = png.length > SIGNATURE && ByteBuffer.wrap(png).getLong() == PNG;
        int at = isPng ? SIGNATURE : png.length;
        while (at + HEADER + CHECKSUM <= png.length) {
            int whole = HEADER + length(png, at) + CHECKSUM;
            if (whole < HEADER + CHECKSUM || whole > png.length - at) {
                break;
            }
            String type = new String(png, at + 4, 4, StandardCharsets.ISO_8859_1);
            if (TEXTS.contains(type)) {
                texts.write(png, at, whole);
            }
            at += whole;
        }
        return texts.toByteArray();
    }

    private static int length(byte[] png, int at) {
        return ByteBuffer.wrap(png).getInt(at);
    }
}
