package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;
import org.jspecify.annotations.Nullable;

/// The stochastic DPM-Solver++ family with noise from a Brownian path: single step with two stages, multistep of second
/// order (two kinds of correction) and of third.
///
/// @param order which of them
/// @param eta how much noise is taken off and put on again
/// @param strength factor of that noise
public record DpmPlusPlusSde(Order order, double eta, double strength) implements Sampler {

    /// A member of the family.
    public sealed interface Order {
        /// Two evaluations a step.
        ///
        /// @param stage where the second one lies, as a share of the step in log sigma
        record SingleStep(double stage) implements Order {}

        /// One evaluation a step, and the last one's result.
        ///
        /// @param heun whether the correction is by Heun's rule, else by the midpoint rule
        record Second(boolean heun) implements Order {}

        /// One evaluation a step, and the last two results.
        record Third() implements Order {}
    }

    /// One of the family with all of its noise.
    static DpmPlusPlusSde full(Order order) {
        return new DpmPlusPlusSde(order, 1, 1);
    }

    @Override
    public HostTensor sample(SamplerRun full, HostTensor start) {
        NoiseSource noise = full.brownianNoise(start);
        SamplerRun run = full.withFiniteSnr();
        return switch (order) {
            case Order.SingleStep single -> singleStep(run, start, noise, single.stage());
            case Order.Second second -> secondOrder(run, start, noise, second.heun());
            case Order.Third _ -> thirdOrder(run, start, noise);
        };
    }

    private boolean isNoisy() {
        return eta > 0 && strength > 0;
    }

    private HostTensor singleStep(
            SamplerRun run, HostTensor start, NoiseSource noise, double stage) {
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
            double middle = (float) snr.sigma(lambda + stage * (snr.lambda(next) - lambda));
            HostTensor between = move(snr, new Way(sigma, middle), x, denoised, noise);
            HostTensor second = run.denoise(between, middle);
            double weight = 1 / (2 * stage);
            HostTensor both = sum(1 - weight, denoised, weight, second);
            x = move(snr, new Way(sigma, next), x, both, noise);
        }
        return x;
    }

    private record Way(double from, double to) {}

    /// An ancestral step of the exponential integrator.
    private HostTensor move(
            Snr snr, Way way, HostTensor x, HostTensor denoised, NoiseSource noise) {
        double alpha = snr.alpha(way.to());
        double from = Math.exp(-snr.lambda(way.from()));
        AncestralStep step = AncestralStep.between(from, Math.exp(-snr.lambda(way.to())), eta);
        double kept = step.down() / from;
        HostTensor moved =
                sum(alpha / snr.alpha(way.from()) * kept, x, alpha * (1 - kept), denoised);
        return isNoisy()
                ? plus(moved, alpha * step.up() * strength, noise.between(way.from(), way.to()))
                : moved;
    }

    private HostTensor secondOrder(
            SamplerRun run, HostTensor start, NoiseSource noise, boolean heun) {
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
            double longer = h * (eta + 1);
            double gain = -Math.expm1(-longer);
            x = sum(next / sigma * Math.exp(-h * eta), x, alpha * gain, denoised);
            if (before != null) {
                double correction = heun ? gain / -longer + 1 : 0.5 * gain;
                x = plus(x, alpha * correction, difference(denoised, before, lastH / h));
            }
            x = noised(x, h, sigma, next, noise);
            before = denoised;
            lastH = h;
        }
        return x;
    }

    private HostTensor noised(
            HostTensor x, double h, double sigma, double next, NoiseSource noise) {
        double spread = Math.sqrt(-Math.expm1(-2 * h * eta));
        return isNoisy() ? plus(x, next * spread * strength, noise.between(sigma, next)) : x;
    }

    private HostTensor thirdOrder(SamplerRun run, HostTensor start, NoiseSource noise) {
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
            double longer = h * (eta + 1);
            double gain = -Math.expm1(-longer);
            x = sum(next / sigma * Math.exp(-h * eta), x, alpha * gain, denoised);
            double phi2 = Math.expm1(-longer) / longer + 1;
            if (before != null && beforeThat != null) {
                double r0 = h1 / h;
                double r1 = h2 / h;
                HostTensor d0 = difference(denoised, before, r0);
                HostTensor d1 = difference(before, beforeThat, r1);
                HostTensor first = sum(1 + r0 / (r0 + r1), d0, -r0 / (r0 + r1), d1);
                HostTensor second = difference(d0, d1, r0 + r1);
                double phi3 = phi2 / longer - 0.5;
                x = sum(1, x, alpha * phi2, first, -alpha * phi3, second);
            } else if (before != null) {
                x = plus(x, alpha * phi2, difference(denoised, before, h1 / h));
            }
            x = noised(x, h, sigma, next, noise);
            beforeThat = before;
            before = denoised;
            h2 = h1;
            h1 = h;
        }
        return x;
    }
}
