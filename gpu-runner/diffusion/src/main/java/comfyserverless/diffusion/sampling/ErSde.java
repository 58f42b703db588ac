package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;
import org.jspecify.annotations.Nullable;

/// Extended reverse-time SDE solver of up to third stage (arXiv 2309.06169).
///
/// @param scale how the noise of a level is scaled
/// @param stages how many earlier results a step takes into account, with this one: 1 to 3
/// @param strength factor of the noise
public record ErSde(Scale scale, int stages, double strength) implements Sampler {

    private static final int POINTS = 200;

    /// The solver as workflows name it.
    static final ErSde DEFAULT = new ErSde(new Scale.Extended(), 3, 1);

    /// How the noise of a level is scaled.
    public sealed interface Scale {
        double of(double level);

        /// The paper's.
        record Extended() implements Scale {
            @Override
            public double of(double level) {
                return level * (Math.exp(Math.pow(level, 0.3)) + 10);
            }
        }

        /// A reverse-time SDE; at an eta of 0 an ordinary differential equation.
        record Power(double eta) implements Scale {
            @Override
            public double of(double level) {
                return Math.pow(level, eta + 1);
            }
        }
    }

    @Override
    public HostTensor sample(SamplerRun full, HostTensor start) {
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
            double ratio = scale.of(t) / scale.of(s);
            x = sum(alpha / snr.alpha(sigma) * ratio, x, alpha * (1 - ratio), denoised);
            if (before != null && stages > 1) {
                Integrals integrals = Integrals.between(scale, s, t);
                HostTensor slope = difference(denoised, before, s - level(snr, run.sigma(i - 1)));
                double dt = t - s;
                x = plus(x, alpha * (dt + integrals.first() * scale.of(t)), slope);
                if (slopeBefore != null && stages > 2) {
                    HostTensor bend =
                            difference(slope, slopeBefore, (s - level(snr, run.sigma(i - 2))) / 2);
                    x = plus(x, alpha * (dt * dt / 2 + integrals.second() * scale.of(t)), bend);
                }
                slopeBefore = slope;
            }
            double spread = Math.sqrt(t * t - s * s * ratio * ratio);
            if (strength > 0) {
                double up = Double.isNaN(spread) ? 0 : alpha * spread * strength;
                x = plus(x, up, noise.between(sigma, next));
            }
            before = denoised;
        }
        return x;
    }

    /// Noise over signal at a level.
    private static double level(Snr snr, double sigma) {
        return Math.exp(-snr.lambda(sigma));
    }

    /// Integrals of 1 / scale and (level − s) / scale from t to s, by 200 rectangles.
    private record Integrals(double first, double second) {

        static Integrals between(Scale scale, double s, double t) {
            double step = (s - t) / POINTS;
            double first = 0;
            double second = 0;
            for (int i = 0; i < POINTS; i++) {
                double at = t + i * step;
                first += step / scale.of(at);
                second += (at - s) * step / scale.of(at);
            }
            return new Integrals(first, second);
        }
    }
}
