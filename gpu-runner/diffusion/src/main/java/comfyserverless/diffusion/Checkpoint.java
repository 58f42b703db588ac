package comfyserverless.diffusion;

import comfyserverless.diffusion.adapter.AppliedLora;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.vae.Vae;
import comfyserverless.diffusion.weights.LoadingNeed;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/// A loaded checkpoint: the network, its text encoder and its autoencoder, which hold the file mapped. Each may be used
/// from any thread; closing frees all three, and the file must stay as it is until then.
public final class Checkpoint implements AutoCloseable {

    private final Torch torch;
    private final Scope owner;
    private final Parts parts;
    private final LoadingNeed need;

    /// What a checkpoint consists of, as it is in the file, and with adapters laid on it.
    record Parts(DiffusionModel model, PromptEncoder clip, Vae vae, Adapted adapted) {}

    Checkpoint(Torch torch, Scope owner, Parts parts, LoadingNeed need) {
        this.torch = torch;
        this.owner = owner;
        this.parts = parts;
        this.need = need;
    }

    public DiffusionModel model() {
        return parts.model();
    }

    public PromptEncoder clip() {
        return parts.clip();
    }

    public Vae vae() {
        return parts.vae();
    }

    /// Runs something with the network under adapters. Weights that they leave alone are shared with the network itself.
    public <T> T withModel(List<AppliedLora> loras, Function<DiffusionModel, T> work) {
        return loras.isEmpty() ? work.apply(model()) : parts.adapted().withModel(loras, work);
    }

    /// Runs something with the text encoder under adapters.
    public <T> T withClip(List<AppliedLora> loras, Function<PromptEncoder, T> work) {
        return loras.isEmpty() ? work.apply(clip()) : parts.adapted().withClip(loras, work);
    }

    /// The names in an adapter file that say nothing to this model.
    ///
    /// @param text whether it is laid on the text encoder too
    public List<String> unusedKeys(Path lora, boolean text) {
        return parts.adapted().unusedKeys(lora, text);
    }

    /// The memory that its weights take.
    public LoadingNeed need() {
        return need;
    }

    @Override
    public void close() {
        torch.run(() -> {
            parts.adapted().close();
            model().drop();
            owner.close();
            torch.trim();
        });
    }
}
