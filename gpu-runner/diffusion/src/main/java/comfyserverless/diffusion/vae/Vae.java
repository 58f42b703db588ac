package comfyserverless.diffusion.vae;

import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.Weights;
import java.util.List;

/// The autoencoder of Stable Diffusion (`AutoencoderKL`, ldm) in float32. A latent is the mean of the posterior.
public final class Vae implements Autoencoder {

    private final Torch torch;
    private final Scope owner;
    private final Script script;
    private final VaeShape shape;
    private final Batches batches;
    private final Tensors encoder;
    private final Tensors decoder;

    private Vae(Torch torch, Weights weights, Scope owner, MemoryBudget budget) {
        this.torch = torch;
        this.owner = owner;
        this.script = torch.load(Vae.class, "vae.py");
        this.shape = VaeShape.of(weights.dict());
        this.batches =
                new Batches(
                        torch,
                        budget,
                        script,
                        shape.latentChannels(),
                        shape.factor(),
                        shape.workingBytes(1));
        this.encoder = weights.list(owner, VaeNames.encoder(weights.dict(), shape));
        this.decoder = weights.list(owner, VaeNames.decoder(weights.dict(), shape));
    }

    /// Builds the model on the device's thread.
    ///
    /// @param weights under its prefix (`first_stage_model.`)
    public static Vae of(Torch torch, Weights weights, MemoryBudget budget) {
        return torch.holding(owner -> new Vae(torch, weights, owner, budget));
    }

    @Override
    public int latentChannels() {
        return shape.latentChannels();
    }

    @Override
    public int factor() {
        return shape.factor();
    }

    @Override
    public HostTensor encode(HostTensor pictures) {
        return batches.encode(
                pictures,
                picture ->
                        script.call("encode")
                                .with(picture)
                                .with(encoder)
                                .withLongs(longs(shape.encoderBlocks()))
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
                .withLongs(longs(shape.decoderBlocks()))
                .tensor();
    }

    private static long[] longs(List<Integer> numbers) {
        return numbers.stream().mapToLong(Integer::longValue).toArray();
    }

    @Override
    public void close() {
        torch.run(() -> {
            owner.close();
            torch.trim();
        });
    }
}
