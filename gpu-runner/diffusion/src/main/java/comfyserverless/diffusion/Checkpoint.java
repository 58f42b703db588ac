package comfyserverless.diffusion;

import comfyserverless.diffusion.text.PromptEncoder;
import comfyserverless.diffusion.vae.Vae;
import comfyserverless.diffusion.weights.LoadingNeed;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A loaded checkpoint: the network, its text encoders and its autoencoder, which hold the file mapped. Each may be used
/// from any thread; closing frees them all, and the file must stay as it is until then.
public final class Checkpoint implements AutoCloseable {

    private final Network network;
    private final @Nullable TextEncoder text;
    private final @Nullable Vae vae;
    private final LoadingNeed need;

    /// @param need the memory that its weights take
    Checkpoint(Network network, @Nullable TextEncoder text, @Nullable Vae vae, LoadingNeed need) {
        this.network = network;
        this.text = text;
        this.vae = vae;
        this.need = need;
    }

    public Network network() {
        return network;
    }

    /// The text encoders, if the file has some.
    public Optional<TextEncoder> text() {
        return Optional.ofNullable(text);
    }

    /// The autoencoder, if the file has one.
    public Optional<Vae> vae() {
        return Optional.ofNullable(vae);
    }

    /// The memory that its weights take.
    public LoadingNeed need() {
        return need;
    }

    /// The network as it is in the file.
    public DiffusionModel model() {
        return network.model();
    }

    /// The text encoders as they are in the file, which has some.
    public PromptEncoder clip() {
        return text().orElseThrow().encoder();
    }

    @Override
    public void close() {
        network.close();
        if (text != null) {
            text.close();
        }
        if (vae != null) {
            vae.close();
        }
    }
}
