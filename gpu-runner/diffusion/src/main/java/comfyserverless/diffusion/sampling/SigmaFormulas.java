package comfyserverless.diffusion.sampling;

import java.util.Arrays;

/// Noise levels from formulas whose numbers nodes choose (scheduler nodes of nodes_custom_sampler.py, ComfyUI 0.3.64), in
/// single precision where PyTorch's are.
public final class SigmaFormulas {

    private static final int TURBO_STEPS = 10;
    private static final float AWAY_FROM_ZERO = 1e-5f;

    private SigmaFormulas() {}

    /// A scheduler's levels for the last `steps` steps of a way whose share `denoise` they are.
    public static Sigmas basic(
            ModelSampling model, Scheduler scheduler, int steps, double denoise) {
        if (denoise <= 0) {
            return Sigmas.NONE;
        }
        int all = denoise < 1 ? (int) (steps / denoise) : steps;
        return Sigmas.of(scheduler.sigmas(model, all)).tail(steps + 1);
    }

    /// Karras et al. 2022.
    public static Sigmas karras(int steps, double sigmaMax, double sigmaMin, double rho) {
        return Sigmas.of(Schedules.karras(steps, sigmaMin, sigmaMax, rho));
    }

    /// Evenly spaced in the logarithm.
    public static Sigmas exponential(int steps, double sigmaMax, double sigmaMin) {
        return Sigmas.of(Schedules.exponential(steps, sigmaMin, sigmaMax));
    }

    /// Spaced by a power in the logarithm.
    public static Sigmas polyexponential(int steps, double sigmaMax, double sigmaMin, double rho) {
        float[] ramp = Schedules.linspace(1, 0, steps);
        double low = Math.log(sigmaMin);
        float range = (float) (Math.log(sigmaMax) - low);
        float[] sigmas = new float[steps + 1];
        for (int i = 0; i < steps; i++) {
            float share = (float) Math.pow(ramp[i], rho);
            sigmas[i] = (float) Math.exp(share * range + (float) low);
        }
        return Sigmas.of(sigmas);
    }

    /// Quantiles of a Laplace distribution of the logarithm; without a 0 at the end.
    ///
    /// @param mu its centre
    /// @param beta its width
    public static Sigmas laplace(
            int steps, double sigmaMax, double sigmaMin, double mu, double beta) {
        float[] sigmas = Schedules.linspace(0, 1, steps);
        for (int i = 0; i < steps; i++) {
            float off = 0.5f - sigmas[i];
            float tail = (float) Math.log(1 - 2 * Math.abs(off) + AWAY_FROM_ZERO);
            float lambda = (float) mu - (float) beta * Math.signum(off) * tail;
            float sigma = (float) Math.exp(lambda);
            sigmas[i] = Math.min(Math.max(sigma, (float) sigmaMin), (float) sigmaMax);
        }
        return Sigmas.of(sigmas);
    }

    /// The variance-preserving diffusion of Song et al. 2021, evenly spaced in time.
    ///
    /// @param last the time of the last level above 0
    public static Sigmas variancePreserving(
            int steps, double betaRange, double betaMin, double last) {
        float[] times = Schedules.linspace(1, (float) last, steps);
        float[] sigmas = new float[steps + 1];
        for (int i = 0; i < steps; i++) {
            float t = times[i];
            float exponent = (float) betaRange * (t * t) / 2 + (float) betaMin * t;
            sigmas[i] = (float) Math.sqrt((float) Math.expm1(exponent));
        }
        return Sigmas.of(sigmas);
    }

    /// Quantiles of a beta distribution among the model's levels.
    public static Sigmas beta(ModelSampling model, int steps, double alpha, double beta) {
        return Sigmas.of(Schedules.beta(model, steps, alpha, beta));
    }

    /// The ten levels that turbo models were distilled to, without those that are done already.
    public static Sigmas turbo(ModelSampling model, int steps, double denoise) {
        int start = TURBO_STEPS - (int) (TURBO_STEPS * denoise);
        int count = Math.min(steps, TURBO_STEPS - start);
        float[] sigmas = new float[count + 1];
        for (int i = 0; i < count; i++) {
            sigmas[i] = model.sigma((TURBO_STEPS - start - i) * 100f - 1);
        }
        return Sigmas.of(sigmas);
    }

    /// How levels between two others are spaced.
    public enum Spacing {
        LINEAR,
        COSINE,
        SINE;

        private float at(float share) {
            float angle = share * (float) (Math.PI / 2);
            return switch (this) {
                case LINEAR -> share;
                case COSINE -> (float) Math.sin(angle);
                case SINE -> 1 - (float) Math.cos(angle);
            };
        }
    }

    /// Each step that begins between two levels cut into `parts`.
    ///
    /// @param from the highest such level; below 0 for any
    /// @param to the lowest such level
    public static Sigmas extended(
            Sigmas sigmas, int parts, double from, double to, Spacing spacing) {
        float[] given = sigmas.toArray();
        float[] shares = Schedules.linspace(0, 1, parts + 1);
        float[] out = new float[given.length * parts];
        int count = 0;
        double highest = from < 0 ? Double.POSITIVE_INFINITY : from;
        for (int i = 0; i < given.length; i++) {
            out[count++] = given[i];
            if (i + 1 < given.length && given[i] <= (float) highest && given[i] >= (float) to) {
                for (int k = 1; k < parts; k++) {
                    out[count++] = spacing.at(shares[k]) * (given[i + 1] - given[i]) + given[i];
                }
            }
        }
        return Sigmas.of(Arrays.copyOf(out, count));
    }

    /// Cuts levels in two so that the second part is the share `denoise` of the steps. At a share of 0 the first part is
    /// empty, as ComfyUI has it.
    public static Sigmas[] split(Sigmas sigmas, double denoise) {
        int second = (int) Math.rint(sigmas.steps() * denoise);
        int first = second == 0 ? 0 : Math.max(sigmas.size() - second, 0);
        return new Sigmas[] {sigmas.upTo(first - 1), sigmas.tail(second + 1)};
    }
}
