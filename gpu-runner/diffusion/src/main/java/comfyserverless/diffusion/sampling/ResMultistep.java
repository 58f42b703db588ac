package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;
import org.jspecify.annotations.Nullable;

/// Refined exponential solver, second-order multistep (arXiv 2308.02157); straight or ancestral, with or without CFG++.
///
/// @param ancestral whether each step goes lower and comes back up with noise
/// @param cfgPlusPlus whether directions come from the negative prompt alone
record ResMultistep(boolean ancestral, boolean cfgPlusPlus) implements Sampler {

    @Override
    public HostTensor sample(SamplerRun run, HostTensor start) {
        NoiseSource noise = run.freshNoise(start);
        HostTensor x = start;
        @Nullable HostTensor before = null;
        double downBefore = 0;
        for (int i = 0; i < run.steps(); i++) {
            double sigma = run.sigma(i);
            double next = run.sigma(i + 1);
            Denoiser.Guided guided = evaluate(run, x, sigma);
            run.report(i, guided.denoised());
            AncestralStep step =
                    ancestral ? AncestralStep.between(sigma, next) : new AncestralStep(next, 0);
            x =
                    step.down() == 0 || before == null
                            ? euler(x, sigma, step.down(), guided)
                            : secondOrder(
                                    x,
                                    new Levels(run.sigma(i - 1), downBefore, sigma, step.down()),
                                    guided,
                                    before);
            if (ancestral && next > 0) {
                x = plus(x, step.up(), noise.between(sigma, next));
            }
            before = guided.unconditional();
            downBefore = step.down();
        }
        return x;
    }

    /// Without CFG++ the guided result stands for the unguided one too.
    private Denoiser.Guided evaluate(SamplerRun run, HostTensor x, double sigma) {
        if (cfgPlusPlus) {
            return run.denoiseBoth(x, sigma);
        }
        HostTensor denoised = run.denoise(x, sigma);
        return new Denoiser.Guided(denoised, denoised);
    }

    private static HostTensor euler(
            HostTensor x, double sigma, double target, Denoiser.Guided guided) {
        return plus(guided.denoised(), target, difference(x, guided.unconditional(), sigma));
    }

    /// The levels a second-order step needs: where the last step began and how low it went, where this one begins, and
    /// how low it goes.
    private record Levels(double before, double downBefore, double sigma, double down) {}

    private HostTensor secondOrder(
            HostTensor x, Levels levels, Denoiser.Guided guided, HostTensor before) {
        double t = -Math.log(levels.sigma());
        double h = -Math.log(levels.down()) - t;
        double c2 = (-Math.log(levels.before()) + Math.log(levels.downBefore())) / h;
        double phi1 = Math.expm1(-h) / -h;
        double phi2 = (phi1 - 1) / -h;
        double b1 = orZero(phi1 - phi2 / c2);
        double b2 = orZero(phi2 / c2);
        HostTensor from =
                cfgPlusPlus ? sum(1, x, 1, guided.denoised(), -1, guided.unconditional()) : x;
        return sum(Math.exp(-h), from, h * b1, guided.unconditional(), h * b2, before);
    }

    private static double orZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }
}
