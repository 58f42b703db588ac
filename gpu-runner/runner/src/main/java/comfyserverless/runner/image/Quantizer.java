package comfyserverless.runner.image;

import java.util.Arrays;

/// Pictures of few colours, as Pillow makes them: a palette by median cut, then each pixel's nearest entry.
public final class Quantizer {
    private static final int CELL = ~3;

    private final int[] palette;
    private final int[] nearest = new int[1 << 18];

    private Quantizer(int[] palette) {
        this.palette = palette;
        Arrays.fill(nearest, -1);
    }

    /// How a pixel's error is spread.
    public sealed interface Dither {
        /// Not at all.
        record None() implements Dither {}

        /// Over the neighbours that follow (Floyd and Steinberg).
        record Diffused() implements Dither {}

        /// By a regular pattern with sides of `order`, a power of two.
        record Ordered(int order) implements Dither {}
    }

    /// The same picture in at most so many colours.
    public static Pixels reduce(Pixels picture, int colours, Dither dither) {
        Quantizer quantizer = new Quantizer(MedianCut.palette(picture.samples(), colours));
        byte[] samples =
                switch (dither) {
                    case Dither.None none -> quantizer.plain(picture.samples());
                    case Dither.Diffused diffused -> quantizer.diffused(picture);
                    case Dither.Ordered ordered ->
                            quantizer.plain(quantizer.patterned(picture, ordered.order()));
                };
        return new Pixels(picture.width(), picture.height(), picture.channels(), samples);
    }

    private byte[] plain(byte[] rgb) {
        byte[] out = new byte[rgb.length];
        for (int i = 0; i < rgb.length; i += 3) {
            put(out, i, entry(rgb[i] & 255, rgb[i + 1] & 255, rgb[i + 2] & 255));
        }
        return out;
    }

    private void put(byte[] out, int at, int entry) {
        out[at] = (byte) (palette[entry] >> 16);
        out[at + 1] = (byte) (palette[entry] >> 8);
        out[at + 2] = (byte) palette[entry];
    }

    /// The entry nearest to the corner of the pixel's cell of 4 by 4 by 4 colours.
    private int entry(int red, int green, int blue) {
        int cell = ((red >> 2) << 12) | ((green >> 2) << 6) | (blue >> 2);
        if (nearest[cell] < 0) {
            int least = Integer.MAX_VALUE;
            for (int i = 0; i < palette.length; i++) {
                int r = ((palette[i] >> 16) & 255) - (red & CELL);
                int g = ((palette[i] >> 8) & 255) - (green & CELL);
                int b = (palette[i] & 255) - (blue & CELL);
                int distance = r * r + g * g + b * b;
                if (distance < least) {
                    least = distance;
                    nearest[cell] = i;
                }
            }
        }
        return nearest[cell];
    }

    /// Errors in sixteenths: 7 go to the next pixel, 3, 5 and 1 to the row below.
    private byte[] diffused(Pixels picture) {
        byte[] rgb = picture.samples();
        byte[] out = new byte[rgb.length];
        int width = picture.width();
        int[] below = new int[(width + 1) * 3];
        for (int y = 0; y < picture.height(); y++) {
            int[] ahead = new int[3];
            int[] left = new int[3];
            int[] corner = new int[3];
            for (int x = 0; x < width; x++) {
                int at = (y * width + x) * 3;
                int[] wanted = new int[3];
                for (int c = 0; c < 3; c++) {
                    int error = (ahead[c] + below[(x + 1) * 3 + c]) / 16;
                    wanted[c] = Math.clamp((rgb[at + c] & 255) + error, 0, 255);
                }
                put(out, at, entry(wanted[0], wanted[1], wanted[2]));
                for (int c = 0; c < 3; c++) {
                    int error = wanted[c] - (out[at + c] & 255);
                    below[x * 3 + c] = 3 * error + left[c];
                    left[c] = 5 * error + corner[c];
                    corner[c] = error;
                    ahead[c] = 7 * error;
                }
            }
            // Pillow writes these three here, not all three of `left`
            below[width * 3] = left[2];
            below[width * 3 + 1] = corner[2];
            below[width * 3 + 2] = corner[2];
        }
        return out;
    }

    private byte[] patterned(Pixels picture, int order) {
        double[] pattern = pattern(order);
        double spread = 2.0 * 256 / palette.length;
        byte[] rgb = new byte[picture.samples().length];
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3 % picture.width();
            int y = i / 3 / picture.width();
            float more = (float) (spread * pattern[y % order * order + x % order] + 0.5);
            rgb[i] = (byte) Math.clamp((picture.samples()[i] & 255) + more, 0f, 255f);
        }
        return rgb;
    }

    /// Bayer's matrix around 0, built up from its quarters.
    private static double[] pattern(int order) {
        if (order == 1) {
            return new double[1];
        }
        int half = order / 2;
        double[] quarter = pattern(half);
        double count = order * order;
        double[] shifts = {-1.5, 0.5, 1.5, -0.5};
        double[] pattern = new double[order * order];
        for (int i = 0; i < pattern.length; i++) {
            int y = i / order;
            int x = i % order;
            double inner = count * quarter[y % half * half + x % half];
            pattern[i] = (inner + shifts[y / half * 2 + x / half]) / count;
        }
        return pattern;
    }
}
