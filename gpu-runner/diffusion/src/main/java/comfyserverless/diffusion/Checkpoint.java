package comfyserverless.diffusion;

import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.vae.Vae;
import comfyserverless.diffusion.weights.LoadingNeed;

/// A loaded checkpoint: the network, its text encoder and its autoencoder, which hold the file mapped. Each may be used
/// from any thread; closing frees all three, and the file must stay as it is until then.
public final class Checkpoint implements AutoCloseable {

    private final Torch torch;
    private final Scope owner;
    private final DiffusionModel model;
    private final PromptEncoder clip;
    private final Vae vae;
    private final LoadingNeed need;

    Checkpoint(
            Torch torch,
            Scope owner,
            DiffusionModel model,
            PromptEncoder clip,
            Vae vae,
            LoadingNeed need) {
        this.torch = torch;
        this.owner = owner;
        this.model = model;
        this.clip = clip;
        this.vae = vae;
        this.need = need;
    }

    public DiffusionModel model() {
        return model;
    }

    public PromptEncoder clip() {
        return clip;
    }

    public Vae vae() {
        return vae;
    }

    /// The memory that its weights take.
    public LoadingNeed need() {
        return need;
    }

    @Override
    public void close() {
        torch.run(() -> {
            model.drop();
            owner.close();
            torch.trim();
        });
    }
}
