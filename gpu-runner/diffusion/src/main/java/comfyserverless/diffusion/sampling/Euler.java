package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;

import comfyserverless.diffusion.torch.HostTensor;

/// Euler's method (k_diffusion/sampling.py, ComfyUI 0.3.64).
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
}
