package comfyserverless.diffusion;

import comfyserverless.diffusion.adapter.Adapters;
import comfyserverless.diffusion.adapter.AppliedLora;
import comfyserverless.diffusion.adapter.LoraNames;
import comfyserverless.diffusion.clip.ClipEncoder;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.Weights;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A text encoder with its weights, as its file has it and under adapters, which stay like those of a [Network]. May be
/// used from any thread; closing frees all.
public final class TextEncoder implements AutoCloseable {

    private final Torch torch;
    private final Scope owner;
    private final Weights weights;
    private final PromptEncoder encoder;
    private final Variants<PromptEncoder> adapted;

    private TextEncoder(Torch torch, MemoryBudget budget, Weights weights, Scope owner) {
        this.torch = torch;
        this.owner = owner;
        this.weights = weights;
        this.encoder = new PromptEncoder(new ClipEncoder(torch, weights, owner));
        this.adapted = new Variants<>(torch, loras -> variant(loras, budget));
    }

    /// Builds it, on the device's thread.
    ///
    /// @param weights under the encoder's prefix, in the type in which they are to be held
    static TextEncoder of(Torch torch, MemoryBudget budget, Weights weights) {
        return torch.holding(
                owner -> new TextEncoder(torch, budget, weights.keeping(owner), owner));
    }

    private Variants.Variant<PromptEncoder> variant(List<AppliedLora> loras, MemoryBudget budget) {
        return torch.holding(own -> {
            Adapters.Target target = new Adapters.Target(weights, adapterNames());
            Weights changed = Adapters.changed(torch, budget, loras, target, own);
            return new Variants.Variant<>(
                    new PromptEncoder(new ClipEncoder(torch, changed, own)), own, () -> {});
        });
    }

    /// The encoder as its file has it.
    public PromptEncoder encoder() {
        return encoder;
    }

    /// Runs something with the encoder under adapters.
    public <T> T use(List<AppliedLora> loras, Function<PromptEncoder, T> work) {
        return loras.isEmpty() ? work.apply(encoder) : adapted.use(loras, work);
    }

    /// Its weights by each name that adapter files call them by.
    public Map<String, String> adapterNames() {
        return LoraNames.ofText(weights.dict());
    }

    @Override
    public void close() {
        torch.run(() -> {
            adapted.close();
            owner.close();
            torch.trim();
        });
    }
}
