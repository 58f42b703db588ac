package comfyserverless.diffusion.dit;

import comfyserverless.diffusion.torch.Tensor;

/// Sees what each module of a transformer gives: traces in tests.
@FunctionalInterface
public interface ModuleObserver {

    ModuleObserver NONE = (module, output) -> {};

    /// A module's output, under its name in the checkpoint; the tensor is the module's own, to be read at once.
    void saw(String module, Tensor output);
}
