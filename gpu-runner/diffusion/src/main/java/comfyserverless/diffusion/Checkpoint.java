package comfyserverless.diffusion;

import comfyserverless.diffusion.vae.Vae;
import comfyserverless.diffusion.weights.LoadingNeed;

/// A loaded checkpoint: the network, its text encoder and its autoencoder, which hold the file mapped. Each may be used
/// from any thread; closing frees all three, and the file must stay as it is until then.
///
/// @param need the memory its weights take
public record Checkpoint(DiffusionModel model, PromptEncoder clip, Vae vae, LoadingNeed need)
        implements AutoCloseable {

    @Override
    public void close() {
        model.close();
        clip.close();
        vae.close();
    }
}
