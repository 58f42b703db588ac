package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// Keeps part of a latent as it was: there the network sees the original at the same noise level, and the result is the
/// original (`KSamplerX0Inpaint`, ComfyUI 0.3.64).
///
/// @param masks 1 where to sample at a noise level, 0 where to keep; of the latent's shape
/// @param original the latent, in the network's scale
/// @param noise what noises the original
record MaskedDenoiser(
        Denoiser inner, Prediction prediction, Masking masks, HostTensor original, HostTensor noise)
        implements Denoiser {

    /// The mask of a noise level.
    @FunctionalInterface
    interface Masking {
        HostTensor at(float sigma);
    }

    @Override
    public HostTensor denoise(HostTensor x, float sigma) {
        HostTensor mask = masks.at(sigma);
        return restored(mask, inner.denoise(blended(mask, x, sigma), sigma));
    }

    @Override
    public Guided denoiseBoth(HostTensor x, float sigma) {
        HostTensor mask = masks.at(sigma);
        Guided guided = inner.denoiseBoth(blended(mask, x, sigma), sigma);
        return new Guided(restored(mask, guided.denoised()), guided.unconditional());
    }

    private HostTensor blended(HostTensor mask, HostTensor x, float sigma) {
        HostTensor noised =
                Latents.sum(
                        prediction.noiseFactor(sigma, false),
                        noise,
                        prediction.latentFactor(sigma),
                        original);
        return Latents.blend(mask, x, noised);
    }

    private HostTensor restored(HostTensor mask, HostTensor denoised) {
        return Latents.blend(mask, denoised, original);
    }
}
