package comfyserverless.diffusion.torch;

import ai.djl.pytorch.jni.IValue;
import org.jspecify.annotations.Nullable;

/// A native value owned by a scope.
abstract sealed class Resource permits Tensor, Tensors {

    private final Torch torch;
    private @Nullable IValue value;
    private @Nullable Scope scope;

    Resource(Torch torch, IValue value) {
        this.torch = torch;
        this.value = value;
    }

    final Torch torch() {
        return torch;
    }

    final IValue value() {
        torch.assertThread();
        IValue current = value;
        if (current == null) {
            throw new TorchException("this tensor has been freed: its scope is closed");
        }
        return current;
    }

    final @Nullable Scope scope() {
        return scope;
    }

    final void setScope(Scope owner) {
        scope = owner;
    }

    final void free() {
        IValue current = value;
        value = null;
        if (current != null) {
            current.close();
        }
    }
}
