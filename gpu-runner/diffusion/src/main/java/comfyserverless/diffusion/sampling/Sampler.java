package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// A way down the noise levels: from latents at the run's first sigma to latents at its last.
@FunctionalInterface
public interface Sampler {

    HostTensor sample(SamplerRun run, HostTensor x);

    /// Whether the kept part of a masked run gets noise of its own instead of the run's.
    default boolean drawsAnewBehindMasks() {
        return false;
    }
}
