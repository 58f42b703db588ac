package comfyserverless.diffusion;

import comfyserverless.diffusion.adapter.Adapters;
import comfyserverless.diffusion.adapter.WeightChange;
import comfyserverless.diffusion.model.Architecture;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.Weights;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A diffusion network with its weights, as its file has it and under adapters. What adapters change stays for the next
/// run with the same ones, and is given back when others take its place. May be used from any thread; closing frees all.
public final class Network implements AutoCloseable {

    private final Torch torch;
    private final MemoryBudget budget;
    private final Scope owner;
    private final Weights weights;
    private final Architecture architecture;
    private final DiffusionModel model;
    private final Variants<Built> adapted;

    /// The network with changed weights.
    private record Built(DiffusionModel model, Weights weights) {}

    private Network(
            Torch torch,
            MemoryBudget budget,
            Architecture architecture,
            Weights weights,
            Scope owner) {
        this.torch = torch;
        this.budget = budget;
        this.owner = owner;
        this.weights = weights;
        this.architecture = architecture;
        this.model = build(weights, owner);
        this.adapted = new Variants<>(torch, this::variant);
    }

    /// Builds it, on the device's thread.
    ///
    /// @param weights under the network's prefix, in the type in which they are to be held
    static Network of(
            Torch torch, MemoryBudget budget, Architecture architecture, Weights weights) {
        return torch.holding(
                owner -> new Network(torch, budget, architecture, weights.keeping(owner), owner));
    }

    private DiffusionModel build(Weights from, Scope scope) {
        return new DiffusionModel(
                torch, architecture.build(torch, from, scope), architecture, budget);
    }

    private Variants.Variant<Built> variant(List<WeightChange> changes) {
        return torch.holding(own -> {
            Adapters.Target target = new Adapters.Target(weights, adapterNames(), 0);
            Weights changed = Adapters.changed(torch, budget, changes, target, own);
            DiffusionModel other = build(changed, own);
            return new Variants.Variant<>(new Built(other, changed), own, other::drop);
        });
    }

    /// The network as its file has it.
    public DiffusionModel model() {
        return model;
    }

    /// Runs something with the network under adapters. Weights that they leave alone are shared with the network itself.
    public <T> T use(List<? extends WeightChange> changes, Function<DiffusionModel, T> work) {
        return changes.isEmpty()
                ? work.apply(model)
                : adapted.use(List.copyOf(changes), built -> work.apply(built.model()));
    }

    /// Runs something with the weights of the network under adapters: to merge them into another's.
    public <T> T useWeights(List<? extends WeightChange> changes, Function<List<Weights>, T> work) {
        return changes.isEmpty()
                ? work.apply(List.of(weights))
                : adapted.use(List.copyOf(changes), built -> work.apply(List.of(built.weights())));
    }

    /// Its weights by each name that adapter files call them by.
    public Map<String, String> adapterNames() {
        return architecture.adapterNames(weights.dict());
    }

    @Override
    public void close() {
        torch.run(() -> {
            adapted.close();
            model.drop();
            owner.close();
            torch.trim();
        });
    }
}
