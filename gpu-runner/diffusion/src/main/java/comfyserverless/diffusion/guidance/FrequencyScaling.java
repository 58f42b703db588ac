package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.GuidanceStep;
import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;

/// Scales the low and the high frequencies of guidance apart (FreSca, arXiv 2504.02154).
///
/// @param low factor of the frequencies below `cutoff`
/// @param high factor of all others
/// @param cutoff up to how many waves across the latent a frequency is low
public record FrequencyScaling(double low, double high, int cutoff) implements SidesPatch {

    @Override
    public SidesPatch.Sides apply(SidesPatch.Sides sides, GuidanceStep step) {
        if (!step.hasNegative()) {
            return sides;
        }
        HostTensor guidance = Vectors.sum(1, sides.positive(), -1, sides.negative());
        HostTensor slow = lowPass(guidance);
        HostTensor scaled = Vectors.sum(high, guidance, low - high, slow);
        return new SidesPatch.Sides(Vectors.sum(1, scaled, 1, sides.negative()), sides.negative());
    }

    private HostTensor lowPass(HostTensor x) {
        int height = (int) x.size(2);
        int width = (int) x.size(3);
        Band rows = Band.of(height, cutoff);
        Band columns = Band.of(width, cutoff);
        float[] out = new float[x.data().length];
        for (int at = 0; at < out.length; at += height * width) {
            double[] cosines = columns.across(x.data(), at, height, columns.cosines);
            double[] sines = columns.across(x.data(), at, height, columns.sines);
            rows.down(cosines, sines, width, out, at);
        }
        return new HostTensor(out, x.shape());
    }

    /// The projection on the frequencies −k … k − 1 of a length: a matrix of complex numbers that depend on the
    /// distance of two places.
    private static final class Band {
        private final double[] cosines;
        private final double[] sines;
        private final int length;

        private Band(int length) {
            this.length = length;
            this.cosines = new double[length];
            this.sines = new double[length];
        }

        static Band of(int length, int cutoff) {
            int k = Math.min(cutoff, length / 2);
            Band band = new Band(length);
            for (int distance = 0; distance < length; distance++) {
                for (int wave = -k; wave < k; wave++) {
                    double angle = 2 * Math.PI * wave * distance / length;
                    band.cosines[distance] += Math.cos(angle) / length;
                    band.sines[distance] += Math.sin(angle) / length;
                }
            }
            return band;
        }

        /// Each row times one part of the matrix.
        double[] across(float[] data, int at, int rows, double[] part) {
            double[] out = new double[rows * length];
            for (int row = 0; row < rows; row++) {
                for (int to = 0; to < length; to++) {
                    double sum = 0;
                    for (int from = 0; from < length; from++) {
                        int distance = Math.floorMod(to - from, length);
                        sum += part[distance] * data[at + row * length + from];
                    }
                    out[row * length + to] = sum;
                }
            }
            return out;
        }

        /// The real part of the matrix times columns of complex numbers.
        void down(double[] real, double[] imaginary, int width, float[] out, int at) {
            for (int to = 0; to < length; to++) {
                for (int column = 0; column < width; column++) {
                    double sum = 0;
                    for (int from = 0; from < length; from++) {
                        int distance = Math.floorMod(to - from, length);
                        int i = from * width + column;
                        sum += cosines[distance] * real[i] - sines[distance] * imaginary[i];
                    }
                    out[at + to * width + column] = (float) sum;
                }
            }
        }
    }
}
