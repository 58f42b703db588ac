package comfyserverless.runner.image;

/// Filters over a neighbourhood of each place, channel by channel.
public final class Filters {
    private Filters() {}

    /// Blurs with ComfyUI's Gaussian: its width counts in radii (the kernel spans -1..1), the border is
    /// mirrored.
    public static Grid gaussian(Grid in, int radius, double sigma) {
        float[] kernel = new float[2 * radius + 1];
        for (int i = 0; i < kernel.length; i++) {
            double x = (i - radius) / (double) radius;
            kernel[i] = (float) Math.exp(-(x * x) / (2.0 * sigma * sigma));
        }
        return mirrored(in, normalised(kernel));
    }

    static float[] normalised(float[] kernel) {
        double sum = 0;
        for (float weight : kernel) {
            sum += weight;
        }
        float[] normalised = new float[kernel.length];
        for (int i = 0; i < kernel.length; i++) {
            normalised[i] = (float) (kernel[i] / sum);
        }
        return normalised;
    }

    /// The kernel across, then down; beyond the border the picture is mirrored (the edge not repeated).
    static Grid mirrored(Grid in, float[] kernel) {
        Grid across = alike(in);
        int radius = kernel.length / 2;
        int[] columns = mirror(in.width(), radius);
        for (int line = 0; line < in.outer() * in.height(); line++) {
            int start = line * in.width();
            for (int x = 0; x < in.width(); x++) {
                for (int c = 0; c < in.inner(); c++) {
                    float sum = 0f;
                    for (int k = 0; k < kernel.length; k++) {
                        sum += kernel[k] * in.data()[(start + columns[x + k]) * in.inner() + c];
                    }
                    across.data()[(start + x) * in.inner() + c] = sum;
                }
            }
        }
        Grid down = alike(in);
        int[] rows = mirror(in.height(), radius);
        int row = in.width() * in.inner();
        for (int plane = 0; plane < in.outer(); plane++) {
            int start = plane * in.height();
            for (int y = 0; y < in.height(); y++) {
                for (int k = 0; k < kernel.length; k++) {
                    int from = (start + rows[y + k]) * row;
                    int to = (start + y) * row;
                    for (int i = 0; i < row; i++) {
                        down.data()[to + i] += kernel[k] * across.data()[from + i];
                    }
                }
            }
        }
        return down;
    }

    /// For the places -radius .. size + radius - 1 the place inside that stands for them.
    private static int[] mirror(int size, int radius) {
        int[] places = new int[size + 2 * radius];
        int period = Math.max(1, 2 * (size - 1));
        for (int i = 0; i < places.length; i++) {
            int place = Math.floorMod(i - radius, period);
            places[i] = Math.min(place, period - place) % size;
        }
        return places;
    }

    /// The largest (or smallest) value of the square of `size` around each place; what lies outside does
    /// not count. A square of an even size begins `size / 2` before the place.
    public static Grid extreme(Grid in, int size, boolean largest) {
        return extreme(in, new Window(size, size / 2, largest));
    }

    /// The same with the square turned around its place: an even one begins one place later.
    static Grid extremeTurned(Grid in, int size, boolean largest) {
        return extreme(in, new Window(size, size - size / 2 - 1, largest));
    }

    private static Grid extreme(Grid in, Window window) {
        Grid across = alike(in);
        int stride = in.inner();
        int row = in.width() * in.inner();
        for (int line = 0; line < in.outer() * in.height(); line++) {
            for (int c = 0; c < in.inner(); c++) {
                window.slide(in, across, line * row + c, stride, in.width());
            }
        }
        Grid down = alike(in);
        for (int plane = 0; plane < in.outer(); plane++) {
            for (int i = 0; i < row; i++) {
                window.slide(across, down, plane * in.height() * row + i, row, in.height());
            }
        }
        return down;
    }

    /// A window of `size` places that begins `before` the place it belongs to.
    private record Window(int size, int before, boolean largest) {
        /// Keeps the candidates of the window in order, so that each place costs the same at any size.
        void slide(Grid in, Grid out, int start, int stride, int count) {
            int[] candidates = new int[count];
            int head = 0;
            int tail = 0;
            int next = 0;
            for (int i = 0; i < count; i++) {
                while (next < count && next <= i + size - before - 1) {
                    float value = in.data()[start + next * stride];
                    while (tail > head
                            && beats(value, in.data()[start + candidates[tail - 1] * stride])) {
                        tail--;
                    }
                    candidates[tail++] = next++;
                }
                while (candidates[head] < i - before) {
                    head++;
                }
                out.data()[start + i * stride] = in.data()[start + candidates[head] * stride];
            }
        }

        private boolean beats(float value, float other) {
            return largest ? value >= other : value <= other;
        }
    }

    /// The largest (or smallest) value of each place and its four neighbours.
    public static Grid cross(Grid in, boolean largest) {
        Grid out = alike(in);
        int row = in.width() * in.inner();
        for (int i = 0; i < out.data().length; i++) {
            int y = i / row % in.height();
            int x = i / in.inner() % in.width();
            float value = in.data()[i];
            value = x > 0 ? better(value, in.data()[i - in.inner()], largest) : value;
            value = x + 1 < in.width() ? better(value, in.data()[i + in.inner()], largest) : value;
            value = y > 0 ? better(value, in.data()[i - row], largest) : value;
            value = y + 1 < in.height() ? better(value, in.data()[i + row], largest) : value;
            out.data()[i] = value;
        }
        return out;
    }

    private static float better(float a, float b, boolean largest) {
        return largest ? Math.max(a, b) : Math.min(a, b);
    }

    static Grid alike(Grid in) {
        return Grid.empty(in.outer(), in.height(), in.width(), in.inner());
    }
}
