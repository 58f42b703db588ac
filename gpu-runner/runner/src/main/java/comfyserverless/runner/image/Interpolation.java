package comfyserverless.runner.image;

/// PyTorch's `interpolate` without aligned corners and without antialias, in single precision.
final class Interpolation {
    private static final float CUBIC = -0.75f;

    private Interpolation() {}

    static Grid nearestExact(Grid in, int width, int height) {
        Grid out = Grid.empty(in.outer(), height, width, in.inner());
        int[] columns = nearest(in.width(), width);
        int[] rows = nearest(in.height(), height);
        for (int plane = 0; plane < in.outer(); plane++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    System.arraycopy(
                            in.data(),
                            in.at(plane, rows[y], columns[x]),
                            out.data(),
                            out.at(plane, y, x),
                            in.inner());
                }
            }
        }
        return out;
    }

    private static int[] nearest(int from, int to) {
        float scale = (float) from / to;
        int[] index = new int[to];
        for (int i = 0; i < to; i++) {
            index[i] = Math.min((int) Math.floor((i + 0.5f) * scale), from - 1);
        }
        return index;
    }

    static Grid bilinear(Grid in, int width, int height) {
        Axis columns = Axis.linear(in.width(), width);
        Axis rows = Axis.linear(in.height(), height);
        return separable(in, columns, rows);
    }

    static Grid bicubic(Grid in, int width, int height) {
        return separable(in, Axis.cubic(in.width(), width), Axis.cubic(in.height(), height));
    }

    private static Grid separable(Grid in, Axis columns, Axis rows) {
        Grid out = Grid.empty(in.outer(), rows.size(), columns.size(), in.inner());
        float[] data = in.data();
        for (int plane = 0; plane < in.outer(); plane++) {
            for (int y = 0; y < rows.size(); y++) {
                for (int x = 0; x < columns.size(); x++) {
                    int to = out.at(plane, y, x);
                    for (int c = 0; c < in.inner(); c++) {
                        float sum = 0f;
                        for (int j = 0; j < rows.taps(); j++) {
                            int row = rows.index(y, j);
                            float line = 0f;
                            for (int i = 0; i < columns.taps(); i++) {
                                line +=
                                        data[in.at(plane, row, columns.index(x, i)) + c]
                                                * columns.weight(x, i);
                            }
                            sum += line * rows.weight(y, j);
                        }
                        out.data()[to + c] = sum;
                    }
                }
            }
        }
        return out;
    }

    /// The mean of the cells that a target cell covers (adaptive average pooling).
    static Grid area(Grid in, int width, int height) {
        Grid out = Grid.empty(in.outer(), height, width, in.inner());
        for (int plane = 0; plane < in.outer(); plane++) {
            for (int y = 0; y < height; y++) {
                int top = (int) ((long) y * in.height() / height);
                int bottom = (int) (((long) (y + 1) * in.height() + height - 1) / height);
                for (int x = 0; x < width; x++) {
                    int left = (int) ((long) x * in.width() / width);
                    int right = (int) (((long) (x + 1) * in.width() + width - 1) / width);
                    mean(in, out, plane, new int[] {top, bottom, left, right}, out.at(plane, y, x));
                }
            }
        }
        return out;
    }

    private static void mean(Grid in, Grid out, int plane, int[] box, int to) {
        int count = (box[1] - box[0]) * (box[3] - box[2]);
        for (int c = 0; c < in.inner(); c++) {
            float sum = 0f;
            for (int y = box[0]; y < box[1]; y++) {
                for (int x = box[2]; x < box[3]; x++) {
                    sum += in.data()[in.at(plane, y, x) + c];
                }
            }
            out.data()[to + c] = sum / count;
        }
    }

    /// For each target place the source places it is made of, and their shares.
    @SuppressWarnings("ArrayRecordComponent")
    record Axis(int size, int taps, int[] indices, float[] weights) {
        static Axis linear(int from, int to) {
            Axis axis = new Axis(to, 2, new int[to * 2], new float[to * 2]);
            float scale = (float) from / to;
            for (int i = 0; i < to; i++) {
                float source = Math.max(0f, scale * (i + 0.5f) - 0.5f);
                int low = Math.min((int) source, from - 1);
                float part = source - low;
                axis.indices[2 * i] = low;
                axis.indices[2 * i + 1] = Math.min(low + 1, from - 1);
                axis.weights[2 * i] = 1f - part;
                axis.weights[2 * i + 1] = part;
            }
            return axis;
        }

        static Axis cubic(int from, int to) {
            Axis axis = new Axis(to, 4, new int[to * 4], new float[to * 4]);
            float scale = (float) from / to;
            for (int i = 0; i < to; i++) {
                float source = scale * (i + 0.5f) - 0.5f;
                int low = (int) Math.floor(source);
                float part = source - low;
                for (int tap = 0; tap < 4; tap++) {
                    axis.indices[4 * i + tap] = Math.clamp(low - 1 + tap, 0, from - 1);
                }
                axis.weights[4 * i] = outer(part + 1f);
                axis.weights[4 * i + 1] = inner(part);
                axis.weights[4 * i + 2] = inner(1f - part);
                axis.weights[4 * i + 3] = outer(2f - part);
            }
            return axis;
        }

        private static float inner(float x) {
            return ((CUBIC + 2f) * x - (CUBIC + 3f)) * x * x + 1f;
        }

        private static float outer(float x) {
            return ((CUBIC * x - 5f * CUBIC) * x + 8f * CUBIC) * x - 4f * CUBIC;
        }

        int index(int place, int tap) {
            return indices[place * taps + tap];
        }

        float weight(int place, int tap) {
            return weights[place * taps + tap];
        }
    }
}
