package comfyserverless.diffusion;

import comfyserverless.diffusion.vae.Vae;
import comfyserverless.diffusion.weights.LoadingNeed;

/// A loaded checkpoint: the network, its text encoder and its autoencoder, which hold the file mapped. Each may be used
/// from any thread; closing frees all three, and the file must stay as it is until then.
///
/// @param need the memory that its weights take
public record Checkpoint(Network network, TextEncoder text, Vae vae, LoadingNeed need)
        implements AutoCloseable {

    /// The network as it is in the file.
    public DiffusionModel model() {
        return network.model();
    }

    /// The text encoder as it is in the file.
    public PromptEncoder clip() {
        return text.encoder();
    }

    @Override
    public void close() {
        network.close();
        text.close();
        vae.close();
    }
}
