package comfyserverless.diffusion;

import comfyserverless.diffusion.adapter.WeightChange;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What was built with adapters, by the adapters: those in use, and the last one used.
final class Variants<M> {

    /// A built part and the scope of the weights that are its own.
    ///
    /// @param drop frees what it keeps between calls
    record Variant<M>(M part, Scope owner, Runnable drop) {}

    private final Torch torch;
    private final Function<List<WeightChange>, Variant<M>> builder;
    private final Map<List<WeightChange>, Held<M>> held = new HashMap<>();

    private static final class Held<M> {
        private final Variant<M> variant;
        private int users;

        Held(Variant<M> variant) {
            this.variant = variant;
        }
    }

    /// @param builder called on the device's thread
    Variants(Torch torch, Function<List<WeightChange>, Variant<M>> builder) {
        this.torch = torch;
        this.builder = builder;
    }

    <T> T use(List<WeightChange> changes, Function<M, T> work) {
        Held<M> one = take(List.copyOf(changes));
        try {
            return work.apply(one.variant.part());
        } finally {
            giveBack(one);
        }
    }

    private synchronized Held<M> take(List<WeightChange> changes) {
        Held<M> known = held.get(changes);
        if (known == null) {
            dropUnused();
            known = new Held<>(torch.call(() -> builder.apply(changes)));
            held.put(changes, known);
        }
        known.users++;
        return known;
    }

    private synchronized void giveBack(Held<M> one) {
        one.users--;
    }

    private void dropUnused() {
        held.values()
                .removeIf(one -> {
                    if (one.users > 0) {
                        return false;
                    }
                    free(one);
                    return true;
                });
    }

    private void free(Held<M> one) {
        torch.run(() -> {
            one.variant.drop().run();
            one.variant.owner().close();
            torch.trim();
        });
    }

    /// Frees all of them.
    synchronized void close() {
        held.values().forEach(this::free);
        held.clear();
    }
}
