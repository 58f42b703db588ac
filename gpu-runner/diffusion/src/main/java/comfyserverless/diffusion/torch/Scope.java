package comfyserverless.diffusion.torch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Owns the tensors born while it is the innermost open scope of its device, and frees them when closed.
///
/// Scopes opened by [Torch#scope()] nest and are closed in reverse order (use `try`). A scope made by
/// [Torch#hold()] is outside that nesting: tensors are put into it by [#take(Tensor)], and it may live as long as a
/// model does. Only the device's thread may use either.
public final class Scope implements AutoCloseable {

    private final Torch torch;
    private final boolean nested;
    private final @Nullable Scope parent;
    private final List<Resource> resources = new ArrayList<>();
    private boolean closed;

    Scope(Torch torch, boolean nested, @Nullable Scope parent) {
        this.torch = torch;
        this.nested = nested;
        this.parent = parent;
    }

    /// Moves a tensor of another scope into this one.
    public Tensor take(Tensor tensor) {
        move(tensor);
        return tensor;
    }

    /// Moves a list of another scope into this one (the list keeps its tensors alive).
    public Tensors take(Tensors tensors) {
        move(tensors);
        return tensors;
    }

    /// Moves a tensor to the scope around this one: the way a result leaves.
    public Tensor out(Tensor tensor) {
        return around().take(tensor);
    }

    /// Moves a list to the scope around this one.
    public Tensors out(Tensors tensors) {
        return around().take(tensors);
    }

    @Override
    public void close() {
        torch.assertThread();
        if (closed) {
            return;
        }
        if (nested) {
            torch.leave(this, parent);
        }
        closed = true;
        for (Resource resource : resources) {
            if (resource.scope() == this) {
                resource.free();
            }
        }
        resources.clear();
    }

    void add(Resource resource) {
        if (closed) {
            throw new TorchException("the scope of this tensor is closed");
        }
        resources.add(resource);
        resource.setScope(this);
    }

    private Scope around() {
        if (parent == null) {
            throw new TorchException("a tensor cannot leave a scope that has none around it");
        }
        return parent;
    }

    private void move(Resource resource) {
        torch.assertThread();
        if (resource.scope() != this) {
            add(resource); // the old scope sees that it no longer owns it
        }
    }
}
