package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;
import org.jspecify.annotations.Nullable;

/// The stochastic DPM-Solver++ family with noise from a Brownian path: single step with two stages, multistep of second
/// order (two kinds of correction) and of third.
final class DpmPlusPlusSde {

    private static final double STAGE = 0.5;

    private DpmPlusPlusSde() {}

    static HostTensor singleStep(SamplerRun full, HostTensor start) {
        NoiseSource noise = full.brownianNoise(start);
        SamplerRun run = full.withFiniteSnr();
        Snr snr = Snr.of(run);
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            double sigma = run.sigma(i);
            double next = run.sigma(i + 1);
            HostTensor denoised = run.denoise(x, sigma);
            run.report(i, denoised);
            if (next == 0) {
                x = denoised;
                continue;
            }
            double lambda = snr.lambda(sigma);
            double middle = (float) snr.sigma(lambda + STAGE * (snr.lambda(next) - lambda));
            HostTensor between = move(snr, sigma, middle, x, denoised, noise);
            HostTensor second = run.denoise(between, middle);
            double weight = 1 / (2 * STAGE);
            x = move(snr, sigma, next, x, sum(1 - weight, denoised, weight, second), noise);
        }
        return x;
    }

    /// An ancestral step of the exponential integrator.
    private static HostTensor move(
            Snr snr,
            double sigma,
            double target,
            HostTensor x,
            HostTensor denoised,
            NoiseSource noise) {
        double alpha = snr.alpha(target);
        double from = Math.exp(-snr.lambda(sigma));
        AncestralStep step = AncestralStep.between(from, Math.exp(-snr.lambda(target)));
        double kept = step.down() / from;
        HostTensor moved = sum(alpha / snr.alpha(sigma) * kept, x, alpha * (1 - kept), denoised);
        return plus(moved, alpha * step.up(), noise.between(sigma, target));
    }

    /// Second order; the correction by the midpoint rule.
    static HostTensor midpoint(SamplerRun run, HostTensor start) {
        return secondOrder(run, start, false);
    }

    /// Second order; the correction by Heun's rule.
    static HostTensor heun(SamplerRun run, HostTensor start) {
        return secondOrder(run, start, true);
    }

    private static HostTensor secondOrder(SamplerRun full, HostTensor start, boolean heun) {
        NoiseSource noise = full.brownianNoise(start);
        SamplerRun run = full.withFiniteSnr();
        Snr snr = Snr.of(run);
        HostTensor x = start;
        @Nullable HostTensor before = null;
        double lastH = 0;
        for (int i = 0; i < run.steps(); i++) {
            double sigma = run.sigma(i);
            double next = run.sigma(i + 1);
            HostTensor denoised = run.denoise(x, sigma);
            run.report(i, denoised);
            if (next == 0) {
                return denoised;
            }
            double h = snr.lambda(next) - snr.lambda(sigma);
            double alpha = snr.alpha(next);
            double gain = -Math.expm1(-2 * h);
            x = sum(next / sigma * Math.exp(-h), x, alpha * gain, denoised);
            if (before != null) {
                double correction = heun ? gain / (-2 * h) + 1 : 0.5 * gain;
                x = plus(x, alpha * correction, difference(denoised, before, lastH / h));
            }
            x = plus(x, next * Math.sqrt(gain), noise.between(sigma, next));
            before = denoised;
            lastH = h;
        }
        return x;
    }

    static HostTensor thirdOrder(SamplerRun full, HostTensor start) {
        NoiseSource noise = full.brownianNoise(start);
        SamplerRun run = full.withFiniteSnr();
        Snr snr = Snr.of(run);
        HostTensor x = start;
        @Nullable HostTensor before = null;
        @Nullable HostTensor beforeThat = null;
        double h1 = 0;
        double h2 = 0;
        for (int i = 0; i < run.steps(); i++) {
            double sigma = run.sigma(i);
            double next = run.sigma(i + 1);
            HostTensor denoised = run.denoise(x, sigma);
            run.report(i, denoised);
            if (next == 0) {
                return denoised;
            }
            double h = snr.lambda(next) - snr.lambda(sigma);
            double alpha = snr.alpha(next);
            double gain = -Math.expm1(-2 * h);
            x = sum(next / sigma * Math.exp(-h), x, alpha * gain, denoised);
            double phi2 = Math.expm1(-2 * h) / (2 * h) + 1;
            if (before != null && beforeThat != null) {
                double r0 = h1 / h;
                double r1 = h2 / h;
                HostTensor d0 = difference(denoised, before, r0);
                HostTensor d1 = difference(before, beforeThat, r1);
                HostTensor first = sum(1 + r0 / (r0 + r1), d0, -r0 / (r0 + r1), d1);
                HostTensor second = difference(d0, d1, r0 + r1);
                double phi3 = phi2 / (2 * h) - 0.5;
                x = sum(1, x, alpha * phi2, first, -alpha * phi3, second);
            } else if (before != null) {
                x = plus(x, alpha * phi2, difference(denoised, before, h1 / h));
            }
            x = plus(x, next * Math.sqrt(gain), noise.between(sigma, next));
            beforeThat = before;
            before = denoised;
            h2 = h1;
            h1 = h;
        }
        return x;
    }
}
