package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// Follows a run of a sampler step by step.
@FunctionalInterface
public interface StepListener {

    /// Hears nothing.
    StepListener NONE = (step, total, denoised) -> {};

    /// A step's first evaluation is done. Adaptive samplers may take more steps than `total` says.
    ///
    /// @param step steps done, from 1
    /// @param total steps planned
    /// @param denoised what the model sees now, in the scale the network works in (see [LatentPreview])
    void step(int step, int total, HostTensor denoised);

    /// Asked before each evaluation of the network; true ends the run with [Interrupted].
    default boolean isCancelled() {
        return false;
    }
}
