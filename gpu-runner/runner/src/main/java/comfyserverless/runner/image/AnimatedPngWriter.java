package comfyserverless.runner.image;

import static comfyserverless.contract.node.InputSpec.text;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Writes animated PNG files; the texts follow the first picture in `comf` chunks, where ComfyUI puts them.
public final class AnimatedPngWriter {
    private static final short THOUSAND = 1000;

    private AnimatedPngWriter() {}

    /// The file; it plays for ever.
    ///
    /// @param frames pictures of one size and kind
    /// @param milliseconds how long each is shown
    /// @param level zlib's effort, 0 to 9
    public static byte[] write(
            List<Pixels> frames, int milliseconds, Map<String, String> texts, int level) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            PngWriter.begin(out, frames.getFirst());
            PngWriter.chunk(out, "acTL", numbers(frames.size(), 0));
            int sequence = 0;
            for (int i = 0; i < frames.size(); i++) {
                PngWriter.chunk(out, "fcTL", control(sequence++, frames.get(i), milliseconds));
                byte[] data = PngWriter.deflated(new PngRows(frames.get(i)).filtered(), level);
                if (i == 0) {
                    PngWriter.chunk(out, "IDAT", data);
                    for (Map.Entry<String, String> text : texts.entrySet()) {
                        PngWriter.chunk(out, "comf", text(text.getKey(), text.getValue()));
                    }
                } else {
                    byte[] numbered =
                            ByteBuffer.allocate(data.length + Integer.BYTES)
                                    .putInt(sequence++)
                                    .put(data)
                                    .array();
                    PngWriter.chunk(out, "fdAT", numbered);
                }
            }
            PngWriter.chunk(out, "IEND", new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException("a PNG in memory", e);
        }
        return bytes.toByteArray();
    }

    private static byte[] numbers(int first, int second) {
        return ByteBuffer.allocate(2 * Integer.BYTES).putInt(first).putInt(second).array();
    }

    private static byte[] control(int sequence, Pixels frame, int milliseconds) {
        return ByteBuffer.allocate(26)
                .putInt(sequence)
                .putInt(frame.width())
                .putInt(frame.height())
                .putInt(0)
                .putInt(0)
                .putShort((short) Math.min(milliseconds, 65_535))
                .putShort(THOUSAND)
                .array();
    }

    private static byte[] text(String key, String text) {
        return (key + "\0" + text).getBytes(StandardCharsets.ISO_8859_1);
    }
}
