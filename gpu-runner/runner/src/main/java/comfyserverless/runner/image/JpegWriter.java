package comfyserverless.runner.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Writes JPEG files (the pictures shown while a sampler runs).
public final class JpegWriter {
    private JpegWriter() {}

    /// The file.
    ///
    /// @param picture RGB
    /// @param quality 0 to 1
    public static byte[] write(Pixels picture, float quality) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            how.setCompressionQuality(quality);
            writer.write(null, new IIOImage(image(picture), null, null), how);
        } catch (IOException e) {
            throw new UncheckedIOException("a JPEG in memory", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /// The best quality down to 20 % that fits into `most` bytes, else the picture at half size.
    public static byte[] within(Pixels picture, int most) {
        Pixels current = picture;
        while (true) {
            for (float quality : new float[] {0.95f, 0.8f, 0.6f, 0.4f, 0.2f}) {
                byte[] jpeg = write(current, quality);
                if (jpeg.length <= most || current.width() * current.height() <= 64) {
                    return jpeg;
                }
            }
            current = halved(current);
        }
    }

    private static Pixels halved(Pixels picture) {
        int width = Math.max(1, picture.width() / 2);
        int height = Math.max(1, picture.height() / 2);
        byte[] samples = new byte[width * height * 3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from =
                        (Math.min(2 * y, picture.height() - 1) * picture.width()
                                        + Math.min(2 * x, picture.width() - 1))
                                * 3;
                System.arraycopy(picture.samples(), from, samples, (y * width + x) * 3, 3);
            }
        }
        return new Pixels(width, height, 3, samples);
    }

    private static BufferedImage image(Pixels picture) {
        int width = picture.width();
        BufferedImage image =
                new BufferedImage(width, picture.height(), BufferedImage.TYPE_INT_RGB);
        byte[] s = picture.samples();
        int[] row = new int[width];
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < width; x++) {
                int at = (y * width + x) * 3;
                row[x] = (s[at] & 255) << 16 | (s[at + 1] & 255) << 8 | (s[at + 2] & 255);
            }
            image.setRGB(0, y, width, 1, row, 0, width);
        }
        return image;
    }
}
