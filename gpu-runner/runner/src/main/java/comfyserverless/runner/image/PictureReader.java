package comfyserverless.runner.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Reads PNG, JPEG, GIF, BMP, TIFF and WebP files as Pillow reads them: all frames of an animation,
/// turned upright by their EXIF orientation. The header is looked at before pixels are decoded.
public final class PictureReader {
    /// The largest picture that is read, in pixels of all its frames.
    public static final long MOST_PIXELS = 64_000_000;

    private PictureReader() {}

    /// The frames of a file; one for what is no animation.
    ///
    /// @param name the file's name, for errors
    public static List<Frame> read(byte[] file, String name) {
        try (ImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new UnreadablePicture("cannot identify image file '" + name + "'");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                return frames(reader, file, name);
            } finally {
                reader.dispose();
            }
        } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new UnreadablePicture(
                    "image file '" + name + "' is broken: " + e.getMessage(), e);
        }
    }

    private static List<Frame> frames(ImageReader reader, byte[] file, String name)
            throws IOException {
        String format = reader.getFormatName().toLowerCase(java.util.Locale.ROOT);
        Orientation orientation = Orientation.of(file);
        checkSize(reader, 1, name);
        if (format.equals("gif")) {
            int count = reader.getNumImages(true);
            checkSize(reader, count, name);
            return new GifFrames(reader, count).read();
        }
        int count = animated(format) ? Math.max(1, reader.getNumImages(true)) : 1;
        checkSize(reader, count, name);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean alpha = !(format.equals("png") && PngHeader.withoutAlpha(file));
            frames.add(orientation.upright(PixelSource.frame(reader.read(i), alpha)));
        }
        return frames;
    }

    private static boolean animated(String format) {
        return format.equals("webp") || format.equals("tif") || format.equals("tiff");
    }

    private static void checkSize(ImageReader reader, int frames, String name) throws IOException {
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0) * frames;
        if (pixels > MOST_PIXELS) {
            throw new UnreadablePicture(
                    "image file '"
                            + name
                            + "' has "
                            + pixels
                            + " pixels, more than "
                            + MOST_PIXELS);
        }
    }
}
