package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.BlockPatch;
import comfyserverless.diffusion.torch.HostTensor;

/// Sees where a UNet's middle looks at when it is evaluated with negative prompts.
public interface MiddleWatcher extends BlockPatch {

    /// How much each place is looked at by all of them, the mean of all heads.
    ///
    /// @param scores (batch, places)
    void saw(HostTensor scores);
}
