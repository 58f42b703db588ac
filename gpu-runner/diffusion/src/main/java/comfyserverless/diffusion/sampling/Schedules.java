package comfyserverless.diffusion.sampling;

import java.util.Arrays;

/// The formulas behind [Scheduler] (samplers.py and k_diffusion/sampling.py, ComfyUI 0.3.64), in single precision where
/// PyTorch's are.
final class Schedules {

    private static final float NEARLY_ZERO = 1e-5f;

    /// The original's quantiles are a hair above in the lower half, median included, and below in the upper one: an index
    /// half way between two goes there.
    private static final double TIES = 1e-9;

    private Schedules() {}

    /// Evenly spaced entries of the table, from its top.
    static float[] simple(ModelSampling model, int steps) {
        float[] table = model.table();
        double stride = table.length / (double) steps;
        float[] sigmas = new float[steps + 1];
        for (int i = 0; i < steps; i++) {
            sigmas[i] = table[table.length - 1 - (int) (i * stride)];
        }
        return sigmas;
    }

    /// Evenly spaced timesteps from the highest to the lowest; with `openEnd` the lowest is left out.
    static float[] uniform(ModelSampling model, int steps, boolean openEnd) {
        float start = model.timestep(model.sigmaMax());
        float end = model.timestep(model.sigmaMin());
        boolean endsAtZero = !openEnd && Math.abs(model.sigma(end)) <= NEARLY_ZERO;
        float[] timesteps = linspace(start, end, openEnd || endsAtZero ? steps + 1 : steps);
        float[] sigmas = new float[steps + 1];
        for (int i = 0; i < (endsAtZero ? steps + 1 : steps); i++) {
            sigmas[i] = model.sigma(timesteps[i]);
        }
        return sigmas;
    }

    /// Karras et al. 2022: evenly spaced in the rho-th root of sigma.
    static float[] karras(int steps, double sigmaMin, double sigmaMax, double rho) {
        double low = Math.pow(sigmaMin, 1 / rho);
        double high = Math.pow(sigmaMax, 1 / rho);
        float[] ramp = linspace(0, 1, steps);
        float[] sigmas = new float[steps + 1];
        for (int i = 0; i < steps; i++) {
            float root = (float) high + ramp[i] * (float) (low - high);
            sigmas[i] = (float) Math.pow(root, rho);
        }
        return sigmas;
    }

    /// Evenly spaced in the logarithm of sigma.
    static float[] exponential(int steps, double sigmaMin, double sigmaMax) {
        float[] logs = linspace((float) Math.log(sigmaMax), (float) Math.log(sigmaMin), steps);
        float[] sigmas = new float[steps + 1];
        for (int i = 0; i < steps; i++) {
            sigmas[i] = (float) Math.exp(logs[i]);
        }
        return sigmas;
    }

    /// Every n-th entry of the table from its second on; the highest sigma is usually not among them.
    static float[] ddim(ModelSampling model, int steps) {
        float[] table = model.table();
        boolean endsAtZero = table.length > 1 && Math.abs(table[1]) <= NEARLY_ZERO;
        int stride = Math.max(table.length / (endsAtZero ? steps + 1 : steps), 1);
        int count = (table.length - 2) / stride + 1;
        float[] sigmas = new float[endsAtZero ? count : count + 1];
        for (int i = 0; i < count; i++) {
            sigmas[count - 1 - i] = table[1 + i * stride];
        }
        return sigmas;
    }

    /// Entries of the table at quantiles of a beta distribution (arXiv 2407.12173); entries hit twice count once.
    static float[] beta(ModelSampling model, int steps, double alpha, double beta) {
        float[] table = model.table();
        float[] sigmas = new float[steps + 1];
        int count = 0;
        int last = -1;
        for (int i = 0; i < steps; i++) {
            double quantile = BetaDistribution.quantile(1 - i / (double) steps, alpha, beta);
            double hair = i * 2 >= steps ? TIES : -TIES;
            int index = (int) Math.rint(quantile * (table.length - 1) + hair);
            if (index != last) {
                sigmas[count++] = table[index];
            }
            last = index;
        }
        return Arrays.copyOf(sigmas, count + 1);
    }

    /// Half of the steps linear within the first `threshold` of noise, the rest quadratic (Mochi).
    static float[] linearQuadratic(ModelSampling model, int steps, double threshold) {
        float max = model.sigmaMax();
        if (steps == 1) {
            return new float[] {max, 0};
        }
        int linear = steps / 2;
        int quadratic = steps - linear;
        double difference = linear - threshold * steps;
        double square = difference / ((double) linear * quadratic * quadratic);
        double slope = threshold / linear - 2 * difference / ((double) quadratic * quadratic);
        double offset = square * linear * linear;
        float[] sigmas = new float[steps + 1];
        for (int i = 0; i < steps; i++) {
            double done = i < linear ? i * threshold / linear : square * i * i + slope * i + offset;
            sigmas[i] = (float) (1 - done) * max;
        }
        return sigmas;
    }

    /// Evenly spaced in the arc tangent of sigma (arXiv 2404.14507). One step has no spacing and is NaN, as there.
    static float[] klOptimal(int steps, double sigmaMin, double sigmaMax) {
        float[] sigmas = new float[steps + 1];
        for (int i = 0; i < steps; i++) {
            float share = i / (float) (steps - 1);
            float angle =
                    share * (float) Math.atan(sigmaMin) + (1 - share) * (float) Math.atan(sigmaMax);
            sigmas[i] = (float) Math.tan(angle);
        }
        return sigmas;
    }

    /// `torch.linspace`: each half is counted from its own end, with fused multiply-adds.
    static float[] linspace(float start, float end, int count) {
        float[] out = new float[count];
        if (count == 1) {
            out[0] = start;
            return out;
        }
        float step = (end - start) / (count - 1);
        for (int i = 0; i < count; i++) {
            out[i] = i < count / 2 ? Math.fma(step, i, start) : Math.fma(-step, count - 1 - i, end);
        }
        return out;
    }
}
