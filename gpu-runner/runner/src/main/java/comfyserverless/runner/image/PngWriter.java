package comfyserverless.runner.image;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Writes 8-bit PNG files with texts, laid out as Pillow lays them out: header, texts in their order
/// (`tEXt`, or `iTXt` where Latin-1 does not hold the text), picture data, end.
public final class PngWriter {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private PngWriter() {}

    /// The file.
    ///
    /// @param texts keyword → text; keywords must be Latin-1
    /// @param level zlib's effort, 0 to 9
    public static byte[] write(Pixels picture, Map<String, String> texts, int level) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            begin(out, picture);
            for (Map.Entry<String, String> text : texts.entrySet()) {
                text(out, text.getKey(), text.getValue());
            }
            chunk(out, "IDAT", deflated(new PngRows(picture).filtered(), level));
            chunk(out, "IEND", new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException("a PNG in memory", e);
        }
        return bytes.toByteArray();
    }

    static void begin(DataOutputStream out, Pixels picture) throws IOException {
        out.write(SIGNATURE);
        chunk(out, "IHDR", header(picture));
    }

    private static byte[] header(Pixels picture) {
        byte colour = (byte) (picture.channels() == 1 ? 0 : picture.channels() == 3 ? 2 : 6);
        return java.nio.ByteBuffer.allocate(13)
                .putInt(picture.width())
                .putInt(picture.height())
                .put((byte) 8)
                .put(colour)
                .array();
    }

    private static void text(DataOutputStream out, String keyword, String text) throws IOException {
        byte[] key = latin1(keyword);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(key);
        body.write(0);
        if (StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
            body.write(latin1(text));
            chunk(out, "tEXt", body.toByteArray());
        } else {
            body.write(new byte[] {0, 0, 0, 0});
            body.write(text.getBytes(StandardCharsets.UTF_8));
            chunk(out, "iTXt", body.toByteArray());
        }
    }

    private static byte[] latin1(String text) {
        Charset latin1 = StandardCharsets.ISO_8859_1;
        try {
            java.nio.ByteBuffer encoded =
                    latin1.newEncoder().encode(java.nio.CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "the PNG keyword \"" + text + "\" has characters outside Latin-1", e);
        }
    }

    static byte[] deflated(byte[] data, int level) {
        Deflater deflater = new Deflater(level);
        try {
            deflater.setInput(data);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(data.length / 2 + 64);
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    static void chunk(DataOutputStream out, String type, byte[] body) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(body);
        out.writeInt(body.length);
        out.write(name);
        out.write(body);
        out.writeInt((int) crc.getValue());
    }
}
