package comfyserverless.runner.image;

import com.luciad.imageio.webp.WebPWriteParam;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Writes WebP files of one or more frames: each is encoded by libwebp, the container is made here.
public final class WebpWriter {
    private static final int ANIMATION = 0x02;
    private static final int EXIF = 0x08;
    private static final int ALPHA = 0x10;
    private static final byte KEEP_NOTHING_BELOW = 0x02;

    private WebpWriter() {}

    /// How frames are encoded.
    ///
    /// @param quality 0 to 100; without loss the effort
    /// @param method libwebp's effort, 0 to 6
    public record Encoding(boolean lossless, int quality, int method) {}

    /// The file; with more than one frame it plays for ever.
    ///
    /// @param frames pictures of one size, RGB or RGB and alpha
    /// @param milliseconds how long each is shown
    /// @param exif a TIFF block of texts, empty for none
    public static byte[] write(
            List<Pixels> frames, int milliseconds, byte[] exif, Encoding encoding) {
        Pixels first = frames.getFirst();
        boolean moves = frames.size() > 1;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int flags = (moves ? ANIMATION : 0) | (exif.length > 0 ? EXIF : 0);
        flags |= first.channels() == 4 ? ALPHA : 0;
        chunk(body, "VP8X", joined(number(flags, 4), size(first)));
        if (moves) {
            chunk(body, "ANIM", new byte[6]);
        }
        for (Pixels frame : frames) {
            byte[] image = encoded(frame, encoding);
            if (moves) {
                byte[] pause = number(Math.min(milliseconds, 0xFFFFFF), 3);
                byte[] rule = {KEEP_NOTHING_BELOW};
                chunk(body, "ANMF", joined(new byte[6], size(frame), pause, rule, image));
            } else {
                body.writeBytes(image);
            }
        }
        if (exif.length > 0) {
            chunk(body, "EXIF", exif);
        }
        return joined(ascii("RIFF"), number(4 + body.size(), 4), ascii("WEBP"), body.toByteArray());
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /// A number in so many bytes, the lowest first.
    private static byte[] number(int number, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (number >> (8 * i));
        }
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] size(Pixels frame) {
        return joined(number(frame.width() - 1, 3), number(frame.height() - 1, 3));
    }

    private static void chunk(ByteArrayOutputStream out, String name, byte[] content) {
        out.writeBytes(joined(ascii(name), number(content.length, 4), content));
        out.writeBytes(new byte[content.length % 2]);
    }

    /// The chunks of the picture itself (`ALPH`, `VP8 `, `VP8L`), without the container around them.
    private static byte[] encoded(Pixels frame, Encoding encoding) {
        ByteBuffer file = ByteBuffer.wrap(file(frame, encoding)).order(ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        file.position(12);
        while (file.remaining() >= 8) {
            byte[] name = new byte[4];
            file.get(name);
            int length = file.getInt();
            byte[] content = new byte[length];
            file.get(content);
            file.position(Math.min(file.limit(), file.position() + length % 2));
            String word = new String(name, StandardCharsets.US_ASCII);
            if (List.of("ALPH", "VP8 ", "VP8L").contains(word)) {
                chunk(chunks, word, content);
            }
        }
        return chunks.toByteArray();
    }

    private static byte[] file(Pixels frame, Encoding encoding) {
        ImageWriter writer = ImageIO.getImageWritersByMIMEType("image/webp").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            WebPWriteParam param = (WebPWriteParam) writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType(encoding.lossless() ? "Lossless" : "Lossy");
            param.setCompressionQuality(encoding.quality() / 100f);
            param.setMethod(encoding.method());
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture(frame), null, null), param);
        } catch (IOException e) {
            throw new UncheckedIOException("a WebP picture in memory", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static BufferedImage picture(Pixels frame) {
        boolean clear = frame.channels() == 4;
        BufferedImage picture =
                new BufferedImage(
                        frame.width(),
                        frame.height(),
                        clear ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        byte[] samples = frame.samples();
        for (int i = 0; i < samples.length / frame.channels(); i++) {
            int at = i * frame.channels();
            int alpha = clear ? samples[at + 3] & 255 : 255;
            int last = Math.min(2, frame.channels() - 1);
            int rgb =
                    ((samples[at] & 255) << 16)
                            | ((samples[at + last / 2] & 255) << 8)
                            | (samples[at + last] & 255);
            picture.setRGB(i % frame.width(), i / frame.width(), (alpha << 24) | rgb);
        }
        return picture;
    }
}
