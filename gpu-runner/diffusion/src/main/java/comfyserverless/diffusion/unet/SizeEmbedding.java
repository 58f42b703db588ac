package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Torch;

/// Sizes as Stable Diffusion XL is told them: sinusoids, like timesteps.
final class SizeEmbedding {

    private SizeEmbedding() {}

    /// The pooled texts with the sinusoids of their sizes behind each.
    ///
    /// @param pooled (batch, width)
    /// @param sizes (batch, count)
    /// @return (batch, width + 256 × count), in the current scope
    static Tensor of(Torch torch, Tensor pooled, Tensor sizes) {
        return torch.load(UNet.class, "unet.py")
                .call("with_sizes")
                .with(pooled)
                .with(sizes)
                .with(VectorKind.WIDTH)
                .tensor();
    }
}
