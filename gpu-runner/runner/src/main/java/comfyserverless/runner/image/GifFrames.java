package comfyserverless.runner.image;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.NodeList;

/// The frames of a GIF, each drawn over what its predecessors left.
final class GifFrames {
    private static final String FORMAT = "javax_imageio_gif_image_1.0";

    private final ImageReader reader;
    private final int count;

    GifFrames(ImageReader reader, int count) {
        this.reader = reader;
        this.count = count;
    }

    List<Frame> read() throws IOException {
        BufferedImage first = reader.read(0);
        if (count == 1) {
            return List.of(PixelSource.frame(first, true));
        }
        BufferedImage canvas =
                new BufferedImage(
                        Math.max(first.getWidth(), reader.getWidth(0)),
                        Math.max(first.getHeight(), reader.getHeight(0)),
                        BufferedImage.TYPE_INT_ARGB);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            BufferedImage before = copy(canvas);
            Rectangle box = draw(canvas, i);
            frames.add(PixelSource.frame(canvas, hasClearPixels(canvas)));
            switch (text(i, "GraphicControlExtension", "disposalMethod")) {
                case "restoreToPrevious" -> canvas = before;
                case "restoreToBackgroundColor" -> clear(canvas, box);
                case null, default -> {}
            }
        }
        return frames;
    }

    private Rectangle draw(BufferedImage canvas, int index) throws IOException {
        BufferedImage image = reader.read(index);
        int x = number(index, "imageLeftPosition");
        int y = number(index, "imageTopPosition");
        Graphics2D graphics = canvas.createGraphics();
        graphics.drawImage(image, x, y, null);
        graphics.dispose();
        return new Rectangle(x, y, image.getWidth(), image.getHeight());
    }

    private static boolean hasClearPixels(BufferedImage canvas) {
        int[] row = new int[canvas.getWidth()];
        for (int y = 0; y < canvas.getHeight(); y++) {
            canvas.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int pixel : row) {
                if (pixel >>> 24 != 255) {
                    return true;
                }
            }
        }
        return false;
    }

    private static BufferedImage copy(BufferedImage image) {
        BufferedImage copy =
                new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
        copy.setData(image.getRaster());
        return copy;
    }

    private static void clear(BufferedImage canvas, Rectangle box) {
        for (int y = box.y; y < Math.min(box.y + box.height, canvas.getHeight()); y++) {
            for (int x = box.x; x < Math.min(box.x + box.width, canvas.getWidth()); x++) {
                canvas.setRGB(x, y, 0);
            }
        }
    }

    private int number(int index, String attribute) throws IOException {
        String text = text(index, "ImageDescriptor", attribute);
        return text == null ? 0 : Integer.parseInt(text);
    }

    private @Nullable String text(int index, String element, String attribute) throws IOException {
        IIOMetadataNode root = (IIOMetadataNode) reader.getImageMetadata(index).getAsTree(FORMAT);
        NodeList found = root.getElementsByTagName(element);
        return found.getLength() == 0
                ? null
                : ((IIOMetadataNode) found.item(0)).getAttribute(attribute);
    }
}
