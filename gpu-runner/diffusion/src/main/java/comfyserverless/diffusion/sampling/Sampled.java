package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// What a run gives, in the autoencoder's scale.
///
/// @param latent at the run's last noise level
/// @param denoised what the model saw last behind the noise; the latent itself where it saw nothing
public record Sampled(HostTensor latent, HostTensor denoised) {}
