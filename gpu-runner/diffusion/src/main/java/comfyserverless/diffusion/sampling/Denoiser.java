package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// What a sampler asks: the latent a model sees behind noisy ones.
public interface Denoiser {

    /// The denoised latent, guided by the prompts.
    ///
    /// @param x noisy latents, batch x channels x height x width
    /// @param sigma their noise level
    HostTensor denoise(HostTensor x, float sigma);

    /// As [#denoise(HostTensor, float)], with what the negative prompt alone gives, evaluated even where guidance would
    /// not need it.
    Guided denoiseBoth(HostTensor x, float sigma);

    /// A guided result and the unguided one behind it.
    record Guided(HostTensor denoised, HostTensor unconditional) {}
}
