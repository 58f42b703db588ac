package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;
import org.jspecify.annotations.Nullable;

/// Euler steps corrected by how the direction has turned since the last one (arXiv 2306.04848, gamma 2).
///
/// @param cfgPlusPlus whether directions come from the negative prompt alone
record GradientEstimation(boolean cfgPlusPlus) implements Sampler {

    private static final double GAMMA = 2;

    @Override
    public HostTensor sample(SamplerRun run, HostTensor start) {
        HostTensor x = start;
        @Nullable HostTensor before = null;
        for (int i = 0; i < run.steps(); i++) {
            double sigma = run.sigma(i);
            double next = run.sigma(i + 1);
            Denoiser.Guided guided = evaluate(run, x, sigma);
            run.report(i, guided.denoised());
            HostTensor d = difference(x, guided.unconditional(), sigma);
            if (next == 0) {
                x = guided.denoised();
            } else {
                x = cfgPlusPlus ? plus(guided.denoised(), next, d) : plus(x, next - sigma, d);
                if (before != null) {
                    double weight = (GAMMA - 1) * (next - sigma);
                    x = sum(1, x, weight, d, -weight, before);
                }
            }
            before = d;
        }
        return x;
    }

    private Denoiser.Guided evaluate(SamplerRun run, HostTensor x, double sigma) {
        if (cfgPlusPlus) {
            return run.denoiseBoth(x, sigma);
        }
        HostTensor denoised = run.denoise(x, sigma);
        return new Denoiser.Guided(denoised, denoised);
    }
}
