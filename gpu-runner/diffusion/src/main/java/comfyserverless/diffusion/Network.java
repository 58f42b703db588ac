package comfyserverless.diffusion;

import comfyserverless.diffusion.adapter.Adapters;
import comfyserverless.diffusion.adapter.AppliedLora;
import comfyserverless.diffusion.adapter.LoraNames;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.unet.UNet;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.Weights;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A diffusion network with its weights, as its file has it and under adapters. What adapters change stays for the next
/// run with the same ones, and is given back when others take its place. May be used from any thread; closing frees all.
public final class Network implements AutoCloseable {

    private final Torch torch;
    private final Scope owner;
    private final Weights weights;
    private final DiffusionModel model;
    private final Variants<DiffusionModel> adapted;

    private Network(Torch torch, MemoryBudget budget, Weights weights, Scope owner) {
        this.torch = torch;
        this.owner = owner;
        this.weights = weights;
        this.model = new DiffusionModel(torch, new UNet(torch, weights, owner), budget);
        this.adapted = new Variants<>(torch, loras -> variant(loras, budget));
    }

    /// Builds it, on the device's thread.
    ///
    /// @param weights under the network's prefix, in the type in which they are to be held
    static Network of(Torch torch, MemoryBudget budget, Weights weights) {
        return torch.holding(owner -> new Network(torch, budget, weights.keeping(owner), owner));
    }

    private Variants.Variant<DiffusionModel> variant(List<AppliedLora> loras, MemoryBudget budget) {
        return torch.holding(own -> {
            Adapters.Target target = new Adapters.Target(weights, adapterNames());
            Weights changed = Adapters.changed(torch, budget, loras, target, own);
            DiffusionModel other = new DiffusionModel(torch, new UNet(torch, changed, own), budget);
            return new Variants.Variant<>(other, own, other::drop);
        });
    }

    /// The network as its file has it.
    public DiffusionModel model() {
        return model;
    }

    /// Runs something with the network under adapters. Weights that they leave alone are shared with the network itself.
    public <T> T use(List<AppliedLora> loras, Function<DiffusionModel, T> work) {
        return loras.isEmpty() ? work.apply(model) : adapted.use(loras, work);
    }

    /// Its weights by each name that adapter files call them by.
    public Map<String, String> adapterNames() {
        return LoraNames.ofUnet(weights.dict());
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
