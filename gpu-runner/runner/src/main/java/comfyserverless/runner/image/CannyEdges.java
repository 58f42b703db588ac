package comfyserverless.runner.image;

import java.util.Arrays;

/// Canny's edges as kornia finds them: blur (5 by 5, sigma 1), Sobel, thinning, two thresholds joined by
/// hysteresis.
public final class CannyEdges {
    private static final float EPSILON = 1e-6f;
    private static final int[] DX = {1, 1, 0, -1, -1, -1, 0, 1};
    private static final int[] DY = {0, 1, 1, 1, 0, -1, -1, -1};

    private final int width;
    private final int height;

    private CannyEdges(int width, int height) {
        this.width = width;
        this.height = height;
    }

    /// 1 where an edge is, else 0; one number a place.
    ///
    /// @param low what may continue an edge
    /// @param high what surely is one
    public static Grid of(Grid picture, float low, float high) {
        Grid grey = Filters.mirrored(grey(picture), kernel());
        Grid edges = Filters.alike(grey);
        int area = grey.height() * grey.width();
        CannyEdges canny = new CannyEdges(grey.width(), grey.height());
        for (int plane = 0; plane < grey.outer(); plane++) {
            float[] one = Arrays.copyOfRange(grey.data(), plane * area, (plane + 1) * area);
            System.arraycopy(canny.edges(one, low, high), 0, edges.data(), plane * area, area);
        }
        return edges;
    }

    private static float[] kernel() {
        float[] kernel = new float[5];
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] = (float) Math.exp(-(i - 2) * (i - 2) / 2.0);
        }
        return Filters.normalised(kernel);
    }

    private static Grid grey(Grid in) {
        Grid grey = Grid.empty(in.outer(), in.height(), in.width(), 1);
        for (int i = 0; i < grey.data().length; i++) {
            int at = i * in.inner();
            grey.data()[i] =
                    in.inner() < 3
                            ? in.data()[at]
                            : 0.299f * in.data()[at]
                                    + 0.587f * in.data()[at + 1]
                                    + 0.114f * in.data()[at + 2];
        }
        return grey;
    }

    private float[] edges(float[] grey, float low, float high) {
        float[] strength = new float[grey.length];
        int[] direction = new int[grey.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                float gx = sobel(grey, x, y, true);
                float gy = sobel(grey, x, y, false);
                int i = y * width + x;
                strength[i] = (float) Math.sqrt(gx * gx + gy * gy + EPSILON);
                float degrees = (float) (180.0 * (float) Math.atan2(gy, gx) / Math.PI);
                direction[i] = Math.floorMod((int) Math.rint(degrees / 45f), 8);
            }
        }
        return joined(thinned(strength, direction), low, high);
    }

    private float sobel(float[] grey, int x, int y, boolean across) {
        float sum = 0f;
        for (int k = -1; k <= 1; k++) {
            float weight = k == 0 ? 2f : 1f;
            float after = across ? near(grey, x + 1, y + k) : near(grey, x + k, y + 1);
            float before = across ? near(grey, x - 1, y + k) : near(grey, x + k, y - 1);
            sum += weight * (after - before);
        }
        return sum;
    }

    private float near(float[] grey, int x, int y) {
        return grey[Math.clamp(y, 0, height - 1) * width + Math.clamp(x, 0, width - 1)];
    }

    /// Keeps what is stronger than both neighbours in its direction.
    private float[] thinned(float[] strength, int[] direction) {
        float[] thinned = new float[strength.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int i = y * width + x;
                int d = direction[i];
                float ahead = beyond(strength, x + DX[d], y + DY[d]);
                float behind = beyond(strength, x - DX[d], y - DY[d]);
                thinned[i] = strength[i] > ahead && strength[i] > behind ? strength[i] : 0f;
            }
        }
        return thinned;
    }

    private float beyond(float[] values, int x, int y) {
        return x < 0 || y < 0 || x >= width || y >= height ? 0f : values[y * width + x];
    }

    /// Edges above `high`, and what is above `low` and hangs together with them.
    private float[] joined(float[] strength, float low, float high) {
        float[] edges = new float[strength.length];
        int[] open = new int[strength.length];
        int count = 0;
        for (int i = 0; i < strength.length; i++) {
            if (strength[i] > low && strength[i] > high) {
                edges[i] = 1f;
                open[count++] = i;
            }
        }
        while (count > 0) {
            int i = open[--count];
            for (int d = 0; d < DX.length; d++) {
                int x = i % width + DX[d];
                int y = i / width + DY[d];
                int other = y * width + x;
                if (beyond(strength, x, y) > low && edges[other] == 0f) {
                    edges[other] = 1f;
                    open[count++] = other;
                }
            }
        }
        return edges;
    }
}
