package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;

/// Euler's method, straight and ancestral, and their CFG++ forms (k_diffusion/sampling.py, ComfyUI 0.3.64).
final class Euler {

    private Euler() {}

    /// Algorithm 2 of Karras et al. 2022 without churn.
    static HostTensor euler(SamplerRun run, HostTensor start) {
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            HostTensor denoised = run.denoise(x, run.sigma(i));
            run.report(i, denoised);
            x = plus(x, run.sigma(i + 1) - run.sigma(i), difference(x, denoised, run.sigma(i)));
        }
        return x;
    }

    /// Euler steps that go lower than needed and come back up with fresh noise.
    static HostTensor ancestral(SamplerRun run, HostTensor start) {
        NoiseSource noise = run.freshNoise(start);
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            float sigma = run.sigma(i);
            float next = run.sigma(i + 1);
            HostTensor denoised = run.denoise(x, sigma);
            run.report(i, denoised);
            AncestralStep step = AncestralStep.between(sigma, next);
            if (step.down() == 0) {
                x = denoised;
            } else {
                HostTensor moved = plus(x, step.down() - sigma, difference(x, denoised, sigma));
                x = plus(moved, step.up(), noise.between(sigma, next));
            }
        }
        return x;
    }

    /// Euler along the direction the negative prompt alone gives (CFG++).
    static HostTensor cfgPlusPlus(SamplerRun run, HostTensor start) {
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            float sigma = run.sigma(i);
            Denoiser.Guided guided = run.denoiseBoth(x, sigma);
            run.report(i, guided.denoised());
            HostTensor direction = difference(x, guided.unconditional(), sigma);
            x = plus(guided.denoised(), run.sigma(i + 1), direction);
        }
        return x;
    }

    /// [#cfgPlusPlus] with fresh noise at each step.
    static HostTensor ancestralCfgPlusPlus(SamplerRun run, HostTensor start) {
        NoiseSource noise = run.freshNoise(start);
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            float sigma = run.sigma(i);
            float next = run.sigma(i + 1);
            Denoiser.Guided guided = run.denoiseBoth(x, sigma);
            run.report(i, guided.denoised());
            if (next == 0) {
                return guided.denoised();
            }
            AncestralStep step = AncestralStep.between(sigma, next);
            HostTensor direction = difference(x, guided.unconditional(), sigma);
            x =
                    sum(
                            1,
                            guided.denoised(),
                            step.down(),
                            direction,
                            step.up(),
                            noise.between(sigma, next));
        }
        return x;
    }
}
