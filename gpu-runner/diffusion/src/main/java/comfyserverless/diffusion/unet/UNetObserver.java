package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.torch.Tensor;

/// Sees what each module of a UNet gives: traces in tests.
@FunctionalInterface
public interface UNetObserver {

    /// Sees nothing, and lets every block run as one call.
    UNetObserver NONE =
            new UNetObserver() {
                @Override
                public void saw(String module, Tensor output) {}

                @Override
                public boolean insideTransformers() {
                    return false;
                }
            };

    /// A module's output, under its name in the checkpoint; the tensor is the module's own, to be read at once.
    void saw(String module, Tensor output);

    /// Whether the modules inside spatial transformers are wanted too (they then run one by one).
    default boolean insideTransformers() {
        return true;
    }
}
