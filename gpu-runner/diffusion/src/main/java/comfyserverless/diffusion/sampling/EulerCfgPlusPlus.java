package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;
import static comfyserverless.diffusion.sampling.Latents.times;

import comfyserverless.diffusion.torch.HostTensor;

/// Euler along the direction that the negative prompt alone gives (CFG++), straight or ancestral.
///
/// @param eta how much lower than needed steps go; 0 for straight ones
/// @param strength factor of the noise that brings them up again
public record EulerCfgPlusPlus(double eta, double strength) implements Sampler {

    @Override
    public HostTensor sample(SamplerRun run, HostTensor start) {
        NoiseSource noise = run.freshNoise(start);
        Snr snr = Snr.of(run);
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            float sigma = run.sigma(i);
            float next = run.sigma(i + 1);
            Denoiser.Guided guided = run.denoiseBoth(x, sigma);
            run.report(i, guided.denoised());
            if (next == 0) {
                x = guided.denoised();
                continue;
            }
            double from = snr.alpha(sigma);
            double to = snr.alpha(next);
            HostTensor signal =
                    from == 1 ? guided.unconditional() : times(from, guided.unconditional());
            AncestralStep step = AncestralStep.between(sigma / from, next / to, eta);
            x = sum(to, guided.denoised(), to * step.down(), difference(x, signal, sigma));
            if (eta > 0 && strength > 0) {
                x = plus(x, to * strength * step.up(), noise.between(sigma, next));
            }
        }
        return x;
    }

    /// Another way of the same idea: the direction leads from the latent that guidance has pushed.
    static HostTensor alternative(SamplerRun run, HostTensor start) {
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            float sigma = run.sigma(i);
            Denoiser.Guided guided = run.denoiseBoth(x, sigma);
            HostTensor pushed = sum(1, x, -1, guided.denoised(), 1, guided.unconditional());
            run.report(i, guided.denoised());
            x = plus(x, run.sigma(i + 1) - sigma, difference(pushed, guided.denoised(), sigma));
        }
        return x;
    }
}
