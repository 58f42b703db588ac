package comfyserverless.handlers.picture;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/// The pixels of a decoded picture as Pillow converts them: gray as it is stored (Java takes gray for
/// linear light), 16 bits by their upper eight, CMYK by its plain formula.
final class Pixels {
    private final BufferedImage image;
    private final Raster raster;
    private final Kind kind;
    private final int shift;

    private enum Kind {
        GRAY,
        GRAY_ALPHA,
        CMYK,
        OTHER
    }

    Pixels(BufferedImage image) {
        this.image = image;
        this.raster = image.getRaster();
        this.kind = kind(image);
        this.shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
    }

    private static Kind kind(BufferedImage image) {
        if (image.getColorModel() instanceof IndexColorModel) {
            return Kind.OTHER;
        }
        int bands = image.getRaster().getNumBands();
        int space = image.getColorModel().getColorSpace().getType();
        if (space == ColorSpace.TYPE_GRAY && bands <= 2) {
            return bands == 1 ? Kind.GRAY : Kind.GRAY_ALPHA;
        }
        return space == ColorSpace.TYPE_CMYK ? Kind.CMYK : Kind.OTHER;
    }

    /// Whether the picture has colours and alpha for each pixel (Pillow's mode RGBA): a palette with a
    /// transparent entry and gray with alpha do not count.
    static boolean isRgba(BufferedImage image) {
        return image.getColorModel().hasAlpha() && kind(image) == Kind.OTHER && !isIndexed(image);
    }

    private static boolean isIndexed(BufferedImage image) {
        return image.getColorModel() instanceof IndexColorModel;
    }

    /// In the layout TYPE_INT_ARGB or TYPE_INT_RGB. Pixel by pixel: drawing would blend colours with a
    /// background where alpha goes.
    BufferedImage as(int type) {
        if (image.getType() == type) {
            return image;
        }
        BufferedImage copy = new BufferedImage(image.getWidth(), image.getHeight(), type);
        int[] row = new int[image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < row.length; x++) {
                row[x] = argb(x, y);
            }
            copy.setRGB(0, y, row.length, 1, row, 0, row.length);
        }
        return copy;
    }

    private int argb(int x, int y) {
        return switch (kind) {
            case GRAY -> gray(x, y) | 0xff000000;
            case GRAY_ALPHA -> gray(x, y) | sample(x, y, 1) << 24;
            case CMYK -> {
                int key = 255 - sample(x, y, 3);
                int red = ink(key, sample(x, y, 0));
                int green = ink(key, sample(x, y, 1));
                yield 0xff000000 | red << 16 | green << 8 | ink(key, sample(x, y, 2));
            }
            case OTHER -> image.getRGB(x, y);
        };
    }

    private int gray(int x, int y) {
        return sample(x, y, 0) * 0x010101;
    }

    private int sample(int x, int y, int band) {
        return raster.getSample(x, y, band) >> shift;
    }

    private static int ink(int key, int ink) {
        return Math.max(0, key - Math.round(key * ink / 255f));
    }
}
