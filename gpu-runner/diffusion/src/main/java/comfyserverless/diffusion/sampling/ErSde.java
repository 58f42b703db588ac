package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;
import org.jspecify.annotations.Nullable;

/// Extended reverse-time SDE solver of third stage (arXiv 2309.06169).
final class ErSde {

    private static final int POINTS = 200;

    private ErSde() {}

    static HostTensor sample(SamplerRun full, HostTensor start) {
        NoiseSource noise = full.freshNoise(start);
        SamplerRun run = full.withFiniteSnr();
        Snr snr = Snr.of(run);
        HostTensor x = start;
        @Nullable HostTensor before = null;
        @Nullable HostTensor slopeBefore = null;
        for (int i = 0; i < run.steps(); i++) {
            double sigma = run.sigma(i);
            double next = run.sigma(i + 1);
            HostTensor denoised = run.denoise(x, sigma);
            run.report(i, denoised);
            if (next == 0) {
                return denoised;
            }
            double s = level(snr, sigma);
            double t = level(snr, next);
            double alpha = snr.alpha(next);
            double ratio = scale(t) / scale(s);
            x = sum(alpha / snr.alpha(sigma) * ratio, x, alpha * (1 - ratio), denoised);
            if (before != null) {
                Integrals integrals = Integrals.between(s, t);
                HostTensor slope = difference(denoised, before, s - level(snr, run.sigma(i - 1)));
                double dt = t - s;
                x = plus(x, alpha * (dt + integrals.first() * scale(t)), slope);
                if (slopeBefore != null) {
                    HostTensor bend =
                            difference(slope, slopeBefore, (s - level(snr, run.sigma(i - 2))) / 2);
                    x = plus(x, alpha * (dt * dt / 2 + integrals.second() * scale(t)), bend);
                }
                slopeBefore = slope;
            }
            double spread = Math.sqrt(t * t - s * s * ratio * ratio);
            x = plus(x, Double.isNaN(spread) ? 0 : alpha * spread, noise.between(sigma, next));
            before = denoised;
        }
        return x;
    }

    /// Noise over signal at a level.
    private static double level(Snr snr, double sigma) {
        return Math.exp(-snr.lambda(sigma));
    }

    private static double scale(double level) {
        return level * (Math.exp(Math.pow(level, 0.3)) + 10);
    }

    /// Integrals of 1 / scale and (level − s) / scale from t to s, by 200 rectangles.
    private record Integrals(double first, double second) {

        static Integrals between(double s, double t) {
            double step = (s - t) / POINTS;
            double first = 0;
            double second = 0;
            for (int i = 0; i < POINTS; i++) {
                double at = t + i * step;
                first += step / scale(at);
                second += (at - s) * step / scale(at);
            }
            return new Integrals(first, second);
        }
    }
}
