package comfyserverless.runner.image;

/// Pillow's LANCZOS on 8-bit pictures: across, then down, in fixed point with 22 bits (Resample.c,
/// Pillow 11); numbers in 0..1 are quantised first, as ComfyUI does.
final class Lanczos {
    private static final double SUPPORT = 3.0;
    private static final int BITS = 32 - 8 - 2;

    private Lanczos() {}

    static Grid resize(Grid in, int width, int height) {
        int[] samples = new int[in.data().length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = Pixels.quantised(in.data()[i]) & 255;
        }
        Plane plane = new Plane(samples, in.outer(), in.height(), in.width(), in.inner());
        if (width != in.width()) {
            plane = plane.across(Taps.of(in.width(), width));
        }
        if (height != in.height()) {
            plane = plane.down(Taps.of(in.height(), height));
        }
        Grid out = Grid.empty(in.outer(), height, width, in.inner());
        for (int i = 0; i < out.data().length; i++) {
            out.data()[i] = plane.samples[i] / 255f;
        }
        return out;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Plane(int[] samples, int outer, int height, int width, int inner) {
        Plane across(Taps taps) {
            return along(
                    taps,
                    new Plane(
                            new int[outer * height * taps.size * inner],
                            outer,
                            height,
                            taps.size,
                            inner),
                    outer * height,
                    inner);
        }

        Plane down(Taps taps) {
            return along(
                    taps,
                    new Plane(
                            new int[outer * taps.size * width * inner],
                            outer,
                            taps.size,
                            width,
                            inner),
                    outer,
                    width * inner);
        }

        /// Convolves the middle one of three dimensions (`lines`, length, `step`).
        private Plane along(Taps taps, Plane into, int lines, int step) {
            int from = samples.length / lines;
            int to = into.samples.length / lines;
            for (int line = 0; line < lines; line++) {
                for (int place = 0; place < taps.size; place++) {
                    for (int c = 0; c < step; c++) {
                        int sum = 1 << (BITS - 1);
                        int at = line * from + taps.first[place] * step + c;
                        int[] weights = taps.weights[place];
                        for (int weight : weights) {
                            sum += samples[at] * weight;
                            at += step;
                        }
                        into.samples[line * to + place * step + c] =
                                Math.clamp(sum >> BITS, 0, 255);
                    }
                }
            }
            return into;
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Taps(int size, int[] first, int[][] weights) {
        static Taps of(int from, int to) {
            double scale = (double) from / to;
            double stretch = Math.max(scale, 1.0);
            double support = SUPPORT * stretch;
            Taps taps = new Taps(to, new int[to], new int[to][]);
            for (int i = 0; i < to; i++) {
                double centre = (i + 0.5) * scale;
                int low = Math.max(0, (int) (centre - support + 0.5));
                int high = Math.min(from, (int) (centre + support + 0.5));
                double[] shares = new double[high - low];
                double sum = 0;
                for (int x = 0; x < shares.length; x++) {
                    shares[x] = lanczos((x + low - centre + 0.5) * (1.0 / stretch));
                    sum += shares[x];
                }
                taps.first[i] = low;
                taps.weights[i] = new int[shares.length];
                for (int x = 0; x < shares.length; x++) {
                    taps.weights[i][x] = fixed(sum == 0 ? shares[x] : shares[x] / sum);
                }
            }
            return taps;
        }

        private static int fixed(double share) {
            double scaled = share * (1 << BITS);
            return (int) (share < 0 ? scaled - 0.5 : scaled + 0.5);
        }

        private static double lanczos(double x) {
            return x >= -SUPPORT && x < SUPPORT ? sinc(x) * sinc(x / SUPPORT) : 0.0;
        }

        private static double sinc(double x) {
            if (x == 0.0) {
                return 1.0;
            }
            double angle = x * Math.PI;
            return Math.sin(angle) / angle;
        }
    }
}
