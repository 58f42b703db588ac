package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;

/// SEEDS, stochastic exponential solvers of two and three stages (arXiv 2305.14267). The noise of a later stage goes on
/// from that of the earlier ones.
final class Seeds {

    private static final double HALF = 0.5;
    private static final double THIRD = 1.0 / 3;

    private Seeds() {}

    static HostTensor twoStages(SamplerRun run, HostTensor start) {
        return solve(run, start, Seeds::twoStages);
    }

    static HostTensor threeStages(SamplerRun run, HostTensor start) {
        return solve(run, start, Seeds::threeStages);
    }

    /// What is known where a step begins.
    private record Begin(HostTensor x, HostTensor denoised, NoiseSource noise) {}

    /// How a step comes to the state at its end.
    @FunctionalInterface
    private interface Stages {
        HostTensor end(SamplerRun run, Step step, Begin begin);
    }

    private static HostTensor solve(SamplerRun full, HostTensor start, Stages stages) {
        NoiseSource noise = full.freshNoise(start);
        SamplerRun run = full.withFiniteSnr();
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            HostTensor denoised = run.denoise(x, run.sigma(i));
            run.report(i, denoised);
            if (run.sigma(i + 1) == 0) {
                return denoised;
            }
            x = stages.end(run, Step.of(run, i), new Begin(x, denoised, noise));
        }
        return x;
    }

    private static HostTensor twoStages(SamplerRun run, Step step, Begin begin) {
        HostTensor path = step.firstNoise(HALF, begin.noise());
        HostTensor x2 = step.at(HALF, begin.x(), begin.denoised(), path);
        HostTensor second = run.denoise(x2, step.level(HALF));
        path = step.moreNoise(path, HALF, 1, begin.noise());
        return step.at(1, begin.x(), second, path);
    }

    private static HostTensor threeStages(SamplerRun run, Step step, Begin begin) {
        HostTensor x = begin.x();
        HostTensor denoised = begin.denoised();
        HostTensor path = step.firstNoise(THIRD, begin.noise());
        HostTensor second = run.denoise(step.at(THIRD, x, denoised, path), step.level(THIRD));
        double share = 2 * step.curvature(2 * THIRD);
        path = step.moreNoise(path, THIRD, 2 * THIRD, begin.noise());
        HostTensor x3 = step.at(2 * THIRD, x, sum(1 - share, denoised, share, second), path);
        HostTensor third = run.denoise(x3, step.level(2 * THIRD));
        double weight = step.curvature(1) / (2 * THIRD);
        path = step.moreNoise(path, 2 * THIRD, 1, begin.noise());
        return step.at(1, x, sum(1 - weight, denoised, weight, third), path);
    }

    /// One step from a level to the next, cut into stages: `r` is the share of the way in log signal-to-noise ratio.
    private record Step(Snr snr, double sigma, double next) {

        static Step of(SamplerRun run, int i) {
            return new Step(Snr.of(run), run.sigma(i), run.sigma(i + 1));
        }

        double h() {
            return snr.lambda(next) - snr.lambda(sigma);
        }

        double level(double r) {
            return r == 1 ? next : snr.sigma(snr.lambda(sigma) + r * h());
        }

        /// The state at a stage from the latent at the step's beginning, a denoised estimate and the noise so far.
        HostTensor at(double r, HostTensor x, HostTensor denoised, HostTensor noise) {
            double level = level(r);
            return sum(
                    level / sigma * Math.exp(-r * h()),
                    x,
                    -snr.alpha(level) * Math.expm1(-2 * r * h()),
                    denoised,
                    level,
                    noise);
        }

        /// (e^z − 1 − z) / z over e^z − 1 for the way to `r`: the weight of a slope in what a stage integrates.
        double curvature(double r) {
            double z = -2 * r * h();
            return (Math.expm1(z) - z) / z / Math.expm1(z);
        }

        HostTensor firstNoise(double r, NoiseSource noise) {
            return Latents.times(
                    Math.sqrt(-Math.expm1(-2 * r * h())), noise.between(sigma, level(r)));
        }

        HostTensor moreNoise(HostTensor path, double from, double to, NoiseSource noise) {
            double segment = (from - to) * h();
            double fresh = Math.sqrt(-Math.expm1(2 * segment));
            return sum(Math.exp(segment), path, fresh, noise.between(level(from), level(to)));
        }
    }
}
