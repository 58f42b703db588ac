package comfyserverless.diffusion.torch;

import ai.djl.pytorch.jni.IValue;

/// A seeded generator of normal numbers on the CPU with a state: successive draws continue one another, bit-identical
/// to `torch.manual_seed` followed by successive `torch.randn` calls.
public final class Generator extends Resource {

    Generator(Torch torch, IValue value) {
        super(torch, value);
    }

    /// The next numbers from the standard normal distribution, on the device.
    public Tensor randn(long... shape) {
        return torch().ops()
                .call("randn")
                .with(this)
                .withLongs(shape)
                .with(torch().device().torchName())
                .tensor();
    }
}
