package comfyserverless.handlers.picture;

import comfyserverless.handlers.http.HttpProblem;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Pictures made of stored pictures: smaller ones for previews, their colours, their alpha (view_image
/// in server.py, ComfyUI 0.3.64).
public final class Pictures {
    private static final int DEFAULT_QUALITY = 90;
    private static final float WEBP_AS_SAVED = 0.8f;
    private static final int BEST_WEBP = 100;
    private static final long MOST_PIXELS = 64_000_000;
    private static final int LONGEST_SIDE = 16_384;

    private Pictures() {}

    /// An encoded picture.
    @SuppressWarnings("ArrayRecordComponent")
    public record Encoded(String contentType, byte[] bytes) {}

    /// The picture as WebP or JPEG.
    ///
    /// @param preview `format;quality`, `format` or a quality alone; what is neither webp nor jpeg
    ///     means webp
    /// @param channel an `a` in it keeps alpha and so means WebP; `rgb` drops it
    public static Encoded preview(byte[] picture, String preview, String channel) {
        List<String> parts = List.of(preview.split(";", -1));
        String last = parts.getLast();
        boolean digits = !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
        int quality = digits && last.length() < 4 ? Integer.parseInt(last) : DEFAULT_QUALITY;
        boolean jpeg = parts.getFirst().equals("jpeg") && !channel.contains("a");
        if (!jpeg && quality > BEST_WEBP) {
            throw HttpProblem.badRequest(
                    "invalid_quality", "WebP takes a quality of 0 to 100", "it is " + quality);
        }
        BufferedImage image = read(picture);
        boolean opaque = jpeg || channel.equals("rgb") || !image.getColorModel().hasAlpha();
        BufferedImage shown =
                copy(image, opaque ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_INT_ARGB);
        float share = Math.clamp(quality, jpeg ? 1 : 0, 100) / 100f;
        return jpeg
                ? new Encoded("image/jpeg", write(shown, "jpeg", share))
                : new Encoded("image/webp", write(shown, "webp", share));
    }

    /// The colours without alpha, PNG.
    public static byte[] colours(byte[] picture) {
        return png(copy(read(picture), BufferedImage.TYPE_INT_RGB));
    }

    /// A black picture with the alpha of this one, opaque if it has none; PNG.
    public static byte[] alpha(byte[] picture) {
        BufferedImage stored = read(picture);
        boolean transparent = Pixels.isRgba(stored);
        BufferedImage image = copy(stored, BufferedImage.TYPE_INT_ARGB);
        BufferedImage alpha =
                new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                alpha.setRGB(x, y, transparent ? image.getRGB(x, y) & 0xff000000 : 0xff000000);
            }
        }
        return png(alpha);
    }

    /// The picture with the alpha of another one of its size: WebP where the name ends so, else PNG
    /// with the texts that it had.
    ///
    /// @param name the new file's; formats that keep no alpha are refused
    public static byte[] withAlphaOf(byte[] picture, byte[] mask, String name) {
        boolean webp = format(name).equals("webp");
        BufferedImage image = copy(read(picture), BufferedImage.TYPE_INT_ARGB);
        BufferedImage alpha = copy(read(mask), BufferedImage.TYPE_INT_ARGB);
        if (image.getWidth() != alpha.getWidth() || image.getHeight() != alpha.getHeight()) {
            throw HttpProblem.badRequest(
                    "size_mismatch",
                    "The mask has another size than the picture",
                    size(alpha) + " for " + size(image));
        }
        BufferedImage merged =
                new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int colour = image.getRGB(x, y) & 0xffffff;
                merged.setRGB(x, y, (alpha.getRGB(x, y) & 0xff000000) | colour);
            }
        }
        return webp ? write(merged, "webp", WEBP_AS_SAVED) : PngTexts.copy(picture, png(merged));
    }

    private static String format(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (!extension.equals("png") && !extension.equals("webp")) {
            throw HttpProblem.badRequest(
                    "unknown_format",
                    "A picture with a mask is kept as PNG or WebP",
                    "\"" + name + "\" ends otherwise");
        }
        return extension;
    }

    private static String size(BufferedImage image) {
        return image.getWidth() + " x " + image.getHeight();
    }

    private static BufferedImage read(byte[] picture) {
        try (ImageInputStream in =
                ImageIO.createImageInputStream(new ByteArrayInputStream(picture))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw notAPicture("no known picture format");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                check(reader.getWidth(0), reader.getHeight(0));
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        } catch (IOException | IllegalArgumentException e) {
            throw notAPicture(String.valueOf(e.getMessage()));
        }
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a PNG into memory", e);
        }
        return out.toByteArray();
    }

    private static BufferedImage copy(BufferedImage image, int type) {
        return new Pixels(image).as(type);
    }

    private static byte[] write(BufferedImage image, String format, float quality) {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format);
        if (!writers.hasNext()) {
            throw new IllegalStateException("no writer for " + format + " on the class path");
        }
        ImageWriter writer = writers.next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            String[] kinds = how.getCompressionTypes();
            if (kinds != null && List.of(kinds).contains("Lossy")) {
                how.setCompressionType("Lossy");
            }
            how.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), how);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + format + " into memory", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static void check(int width, int height) {
        if (width > LONGEST_SIDE || height > LONGEST_SIDE || (long) width * height > MOST_PIXELS) {
            throw HttpProblem.of(
                    413,
                    "picture_too_large",
                    "The picture is too large to be shown smaller",
                    width + " x " + height + " pixels");
        }
    }

    private static HttpProblem notAPicture(String why) {
        return HttpProblem.badRequest("not_a_picture", "The file is no picture", why);
    }
}
