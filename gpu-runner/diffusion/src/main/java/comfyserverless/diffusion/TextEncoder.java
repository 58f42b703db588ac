package comfyserverless.diffusion;

import comfyserverless.diffusion.adapter.Adapters;
import comfyserverless.diffusion.adapter.WeightChange;
import comfyserverless.diffusion.model.TextDesign;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.PromptEncoder;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The text encoders of a model with their weights, as their files have them and under adapters, which stay like those
/// of a [Network]. May be used from any thread; closing frees all.
public final class TextEncoder implements AutoCloseable {

    private final Torch torch;
    private final MemoryBudget budget;
    private final Scope owner;
    private final TextDesign design;
    private final List<Weights> parts;
    private final PromptEncoder encoder;
    private final Variants<Built> adapted;

    /// The encoders with changed weights.
    private record Built(PromptEncoder encoder, List<Weights> parts) {}

    private TextEncoder(
            Torch torch, MemoryBudget budget, TextDesign design, List<Weights> parts, Scope owner) {
        this.torch = torch;
        this.budget = budget;
        this.owner = owner;
        this.design = design;
        this.parts = parts;
        this.encoder = design.build(torch, parts, owner);
        this.adapted = new Variants<>(torch, this::variant);
    }

    /// Builds it, on the device's thread.
    ///
    /// @param parts the weights of each encoder, in the type in which they are to be held
    static TextEncoder of(
            Torch torch, MemoryBudget budget, TextDesign design, List<Weights> parts) {
        return torch.holding(owner ->
                new TextEncoder(
                        torch,
                        budget,
                        design,
                        parts.stream().map(part -> part.keeping(owner)).toList(),
                        owner));
    }

    private Variants.Variant<Built> variant(List<WeightChange> changes) {
        return torch.holding(own -> {
            List<Weights> changed = new ArrayList<>();
            for (int part = 0; part < parts.size(); part++) {
                Adapters.Target target =
                        new Adapters.Target(parts.get(part), adapterNames(part), part);
                changed.add(Adapters.changed(torch, budget, changes, target, own));
            }
            Built built = new Built(design.build(torch, changed, own), List.copyOf(changed));
            return new Variants.Variant<>(built, own, () -> {});
        });
    }

    /// The encoders as their files have them.
    public PromptEncoder encoder() {
        return encoder;
    }

    /// Textual inversions in files.
    ///
    /// @param files finds the file of a name as a prompt writes it
    public Embeddings embeddings(Function<String, Optional<Path>> files) {
        return (name, encoder, _) ->
                files.apply(name).flatMap(file -> EmbeddingFile.vectors(torch, file, encoder));
    }

    /// Runs something with the encoders under changes of their weights.
    public <T> T use(List<? extends WeightChange> changes, Function<PromptEncoder, T> work) {
        return changes.isEmpty()
                ? work.apply(encoder)
                : adapted.use(List.copyOf(changes), built -> work.apply(built.encoder()));
    }

    /// Runs something with the weights of each encoder under changes: to merge them into others.
    public <T> T useWeights(List<? extends WeightChange> changes, Function<List<Weights>, T> work) {
        return changes.isEmpty()
                ? work.apply(parts)
                : adapted.use(List.copyOf(changes), built -> work.apply(built.parts()));
    }

    /// The weights of all of them by each name that adapter files call them by.
    public Map<String, String> adapterNames() {
        Map<String, String> names = new HashMap<>();
        for (int part = 0; part < parts.size(); part++) {
            names.putAll(adapterNames(part));
        }
        return names;
    }

    private Map<String, String> adapterNames(int part) {
        return design.adapterNames(part, parts.get(part).dict());
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
