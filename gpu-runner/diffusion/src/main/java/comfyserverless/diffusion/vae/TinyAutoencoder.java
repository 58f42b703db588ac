package comfyserverless.diffusion.vae;

import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.Weights;

/// A tiny autoencoder (TAESD): some convolutions that give nearly what the large one gives, in a hundredth of its time.
/// Encoder and decoder are two files of numbered layers.
public final class TinyAutoencoder implements Autoencoder {

    /// Bytes for each pixel: four planes of 64 channels at full resolution.
    private static final long WORKING_BYTES = 4L * 64 * Float.BYTES;

    private final Torch torch;
    private final Scope owner;
    private final Script script;
    private final Scale scale;
    private final TinyLayers encoding;
    private final TinyLayers decoding;
    private final Tensors encoder;
    private final Tensors decoder;
    private final Batches batches;

    /// How its latents are brought to the scale of the large autoencoder's; each has the name under which the VAELoader
    /// node lists it, with which its files' names begin.
    public enum Scale {
        TAESD("taesd", 0.18215, 0.0),
        TAESDXL("taesdxl", 0.13025, 0.0),
        TAESD3("taesd3", 1.5305, 0.0609),
        TAEF1("taef1", 0.3611, 0.1159);

        private final String modelName;
        private final double factor;
        private final double shift;

        Scale(String modelName, double factor, double shift) {
            this.modelName = modelName;
            this.factor = factor;
            this.shift = shift;
        }

        public String modelName() {
            return modelName;
        }
    }

    private TinyAutoencoder(
            Torch torch, Parts parts, Scale scale, Scope owner, MemoryBudget budget) {
        this.torch = torch;
        this.owner = owner;
        this.scale = scale;
        this.script = torch.load(TinyAutoencoder.class, "taesd.py");
        this.encoding = TinyLayers.encoder(parts.encoder().dict());
        this.decoding = TinyLayers.decoder(parts.decoder().dict());
        this.encoder = parts.encoder().list(owner, encoding.names());
        this.decoder = parts.decoder().list(owner, decoding.names());
        this.batches =
                new Batches(
                        torch,
                        budget,
                        torch.load(Vae.class, "vae.py"),
                        decoding.firstInputs(parts.decoder().dict()),
                        decoding.factor(),
                        WORKING_BYTES);
    }

    /// The two halves' weights.
    public record Parts(Weights encoder, Weights decoder) {}

    /// Builds the model on the device's thread.
    public static TinyAutoencoder of(Torch torch, Parts parts, Scale scale, MemoryBudget budget) {
        return torch.holding(owner -> new TinyAutoencoder(torch, parts, scale, owner, budget));
    }

    @Override
    public int latentChannels() {
        return batches.channels();
    }

    @Override
    public int factor() {
        return batches.factor();
    }

    @Override
    public HostTensor encode(HostTensor pictures) {
        return batches.encode(
                pictures,
                picture ->
                        script.call("encode")
                                .with(picture)
                                .with(encoder)
                                .withLongs(encoding.kinds())
                                .with(scale.factor)
                                .with(scale.shift)
                                .tensor());
    }

    @Override
    public HostTensor decode(HostTensor latents) {
        return batches.decode(latents, this::decoded);
    }

    @Override
    public HostTensor decodeRaw(HostTensor latents) {
        return batches.decodeRaw(latents, this::decoded);
    }

    private Tensor decoded(Tensor latent) {
        return script.call("decode")
                .with(latent)
                .with(decoder)
                .withLongs(decoding.kinds())
                .with(scale.factor)
                .with(scale.shift)
                .tensor();
    }

    @Override
    public void close() {
        torch.run(owner::close);
    }
}
