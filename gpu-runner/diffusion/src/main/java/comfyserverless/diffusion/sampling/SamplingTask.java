package comfyserverless.diffusion.sampling;

/// One run of a sampler along given noise levels.
///
/// @param model the network
/// @param guider the prompts and how they lead
/// @param latent what to start from
/// @param noise what is laid over it first
public record SamplingTask(
        NoiseModel model,
        Guider guider,
        SampleRequest.Latent latent,
        StartNoise noise,
        Sampler sampler,
        Sigmas sigmas) {}
