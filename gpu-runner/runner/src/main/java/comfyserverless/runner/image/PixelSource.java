package comfyserverless.runner.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/// Takes 8-bit RGB and alpha out of a decoded picture: stored samples as they are (no colour management),
/// the high byte of 16-bit ones.
final class PixelSource {
    private PixelSource() {}

    /// @param alpha whether an alpha channel counts where there is one
    static Frame frame(BufferedImage image, boolean alpha) {
        ColorModel model = image.getColorModel();
        boolean withAlpha = alpha && model.hasAlpha();
        Raster raster = image.getRaster();
        boolean direct =
                !(model instanceof IndexColorModel)
                        && raster.getNumBands() != 0
                        && (image.getType() == BufferedImage.TYPE_CUSTOM
                                || raster.getNumBands() <= 2);
        return direct ? ofSamples(image, withAlpha) : ofColours(image, withAlpha);
    }

    private static Frame ofColours(BufferedImage image, boolean withAlpha) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] colour = new byte[width * height * 3];
        byte[] alpha = withAlpha ? new byte[width * height] : null;
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                int at = y * width + x;
                colour[3 * at] = (byte) (row[x] >> 16);
                colour[3 * at + 1] = (byte) (row[x] >> 8);
                colour[3 * at + 2] = (byte) row[x];
                if (alpha != null) {
                    alpha[at] = (byte) (row[x] >>> 24);
                }
            }
        }
        return new Frame(new Pixels(width, height, 3, colour), alpha);
    }

    private static Frame ofSamples(BufferedImage image, boolean withAlpha) {
        Raster raster = image.getRaster();
        int width = image.getWidth();
        int height = image.getHeight();
        int bands = raster.getNumBands();
        int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
        byte[] colour = new byte[width * height * 3];
        byte[] alpha = withAlpha ? new byte[width * height] : null;
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int at = y * width + x;
                for (int c = 0; c < 3; c++) {
                    int band = bands >= 3 ? c : 0;
                    colour[3 * at + c] = (byte) (row[x * bands + band] >> shift);
                }
                if (alpha != null) {
                    alpha[at] = (byte) (row[x * bands + bands - 1] >> shift);
                }
            }
        }
        return new Frame(new Pixels(width, height, 3, colour), alpha);
    }
}
