package comfyserverless.runner.image;

/// ComfyUI's spherical interpolation of latents: a place's channels are a vector that turns from one
/// neighbour to the other while its length changes linearly; first across, then down.
final class Bislerp {
    private static final float PARALLEL = 1e-5f;

    private Bislerp() {}

    static Grid resize(Grid in, int width, int height) {
        Grid wide = Grid.empty(in.outer(), in.height(), width, in.inner());
        Steps columns = Steps.of(in.width(), width);
        for (int plane = 0; plane < in.outer(); plane++) {
            for (int y = 0; y < in.height(); y++) {
                for (int x = 0; x < width; x++) {
                    int a = in.at(plane, y, columns.low[x]);
                    int b = in.at(plane, y, columns.high[x]);
                    slerp(in, a, b, columns.part[x], wide, wide.at(plane, y, x));
                }
            }
        }
        Grid out = Grid.empty(in.outer(), height, width, in.inner());
        Steps rows = Steps.of(in.height(), height);
        for (int plane = 0; plane < in.outer(); plane++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int a = wide.at(plane, rows.low[y], x);
                    int b = wide.at(plane, rows.high[y], x);
                    slerp(wide, a, b, rows.part[y], out, out.at(plane, y, x));
                }
            }
        }
        return out;
    }

    private static void slerp(Grid from, int a, int b, float part, Grid into, int to) {
        float[] data = from.data();
        int channels = from.inner();
        float lengthA = length(data, a, channels);
        float lengthB = length(data, b, channels);
        float dot = 0f;
        for (int c = 0; c < channels; c++) {
            dot += unit(data[a + c], lengthA) * unit(data[b + c], lengthB);
        }
        float angle = (float) Math.acos(dot);
        float sine = (float) Math.sin(angle);
        float shareA = (float) Math.sin((1f - part) * angle) / sine;
        float shareB = (float) Math.sin(part * angle) / sine;
        float length = lengthA * (1f - part) + lengthB * part;
        for (int c = 0; c < channels; c++) {
            float first = data[a + c];
            float second = data[b + c];
            float turned = shareA * unit(first, lengthA) + shareB * unit(second, lengthB);
            into.data()[to + c] =
                    dot > 1f - PARALLEL
                            ? first
                            : dot < PARALLEL - 1f
                                    ? first * (1f - part) + second * part
                                    : turned * length;
        }
    }

    private static float length(float[] data, int at, int channels) {
        double sum = 0;
        for (int c = 0; c < channels; c++) {
            sum += (double) data[at + c] * data[at + c];
        }
        return (float) Math.sqrt(sum);
    }

    private static float unit(float value, float length) {
        return length == 0f ? 0f : value / length;
    }

    /// For each target place its two source places and how far it stands from the first.
    @SuppressWarnings("ArrayRecordComponent")
    private record Steps(int[] low, int[] high, float[] part) {
        /// Both neighbours come from interpolated place numbers that are then cut to integers.
        static Steps of(int from, int to) {
            Steps steps = new Steps(new int[to], new int[to], new float[to]);
            Interpolation.Axis axis = Interpolation.Axis.linear(from, to);
            for (int i = 0; i < to; i++) {
                float place = blend(axis, i, axis.index(i, 0), axis.index(i, 1));
                int lowNext = Math.min(axis.index(i, 0) + 1, from - 1);
                int highNext = Math.min(axis.index(i, 1) + 1, from - 1);
                steps.low[i] = (int) place;
                steps.high[i] = (int) blend(axis, i, lowNext, highNext);
                steps.part[i] = place - (float) Math.floor(place);
            }
            return steps;
        }

        private static float blend(Interpolation.Axis axis, int i, float first, float second) {
            return axis.weight(i, 0) * first + axis.weight(i, 1) * second;
        }
    }
}
