package comfyserverless.runner.image;

/// The rows of a PNG, each under the filter whose bytes lie closest to zero (the usual heuristic of the
/// PNG specification, section 12.8).
final class PngRows {
    private static final int FILTERS = 5;

    private final Pixels picture;
    private final int bytesPerPixel;
    private final int stride;

    PngRows(Pixels picture) {
        this.picture = picture;
        this.bytesPerPixel = picture.channels();
        this.stride = picture.width() * picture.channels();
    }

    byte[] filtered() {
        byte[] out = new byte[Math.multiplyExact(picture.height(), stride + 1)];
        byte[][] candidates = new byte[FILTERS][stride];
        for (int row = 0; row < picture.height(); row++) {
            int best = 0;
            long least = Long.MAX_VALUE;
            for (int filter = 0; filter < FILTERS; filter++) {
                long weight = filter(filter, row, candidates[filter]);
                if (weight < least) {
                    least = weight;
                    best = filter;
                }
            }
            int at = row * (stride + 1);
            out[at] = (byte) best;
            System.arraycopy(candidates[best], 0, out, at + 1, stride);
        }
        return out;
    }

    private long filter(int filter, int row, byte[] into) {
        byte[] samples = picture.samples();
        int start = row * stride;
        long weight = 0;
        for (int i = 0; i < stride; i++) {
            int left = i < bytesPerPixel ? 0 : samples[start + i - bytesPerPixel] & 255;
            int up = row == 0 ? 0 : samples[start + i - stride] & 255;
            int corner =
                    i < bytesPerPixel || row == 0
                            ? 0
                            : samples[start + i - stride - bytesPerPixel] & 255;
            int predicted =
                    switch (filter) {
                        case 0 -> 0;
                        case 1 -> left;
                        case 2 -> up;
                        case 3 -> (left + up) / 2;
                        default -> paeth(left, up, corner);
                    };
            into[i] = (byte) (samples[start + i] - predicted);
            weight += Math.abs(into[i]);
        }
        return weight;
    }

    private static int paeth(int left, int up, int corner) {
        int estimate = left + up - corner;
        int toLeft = Math.abs(estimate - left);
        int toUp = Math.abs(estimate - up);
        int toCorner = Math.abs(estimate - corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }
}
