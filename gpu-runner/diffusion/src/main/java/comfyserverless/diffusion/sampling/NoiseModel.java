package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import org.jspecify.annotations.Nullable;

/// A diffusion network as sampling sees it. Called from one thread at a time.
public interface NoiseModel {

    ModelSampling sampling();

    LatentFormat latentFormat();

    /// The network's raw output for a batch.
    ///
    /// @param x (batch, channels, height, width), scaled as the network wants it
    /// @param timesteps one for each item
    /// @param context what the items are steered by; the same object at each step of a run, so that what is derived
    ///     from it can be kept
    /// @return (batch, channels, height, width)
    HostTensor predict(HostTensor x, float[] timesteps, Context context);

    /// Encoded prompts of a batch.
    ///
    /// @param crossAttention (batch, tokens, width)
    /// @param pooled (batch, width), for networks that take it
    record Context(HostTensor crossAttention, @Nullable HostTensor pooled) {}
}
