package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// Keeps part of a latent as it was: there the network sees the original at the same noise level, and the result is the
/// original (`KSamplerX0Inpaint`, ComfyUI 0.3.64).
///
/// @param mask 1 where to sample, 0 where to keep; of the latent's shape
/// @param original the latent, in the network's scale
/// @param noise what noises the original
record MaskedDenoiser(
        Denoiser inner,
        Prediction prediction,
        HostTensor mask,
        HostTensor original,
        HostTensor noise)
        implements Denoiser {

    @Override
    public HostTensor denoise(HostTensor x, float sigma) {
        return restored(inner.denoise(blended(x, sigma), sigma));
    }

    @Override
    public Guided denoiseBoth(HostTensor x, float sigma) {
        Guided guided = inner.denoiseBoth(blended(x, sigma), sigma);
        return new Guided(restored(guided.denoised()), guided.unconditional());
    }

    private HostTensor blended(HostTensor x, float sigma) {
        HostTensor noised =
                Latents.sum(
                        prediction.noiseFactor(sigma, false),
                        noise,
                        prediction.latentFactor(sigma),
                        original);
        return Latents.blend(mask, x, noised);
    }

    private HostTensor restored(HostTensor denoised) {
        return Latents.blend(mask, denoised, original);
    }
}
