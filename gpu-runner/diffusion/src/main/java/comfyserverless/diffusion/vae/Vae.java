package comfyserverless.diffusion.vae;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// The autoencoder of Stable Diffusion (`AutoencoderKL`, ldm): pictures to latents and back, in float32.
///
/// Latents are its own, not scaled for the UNet. May be called from any thread.
public final class Vae implements AutoCloseable {

    private final Torch torch;
    private final Script script;
    private final Scope owner;
    private final VaeShape shape;
    private final Tensors encoder;
    private final Tensors decoder;

    /// Builds the model from weights under its prefix (`first_stage_model.`), on the device's thread.
    public Vae(Torch torch, Weights weights) {
        this.torch = torch;
        this.script = torch.load(Vae.class, "vae.py");
        this.owner = torch.hold();
        this.shape = VaeShape.of(weights.dict());
        this.encoder = weights.list(owner, VaeNames.encoder(weights.dict(), shape));
        this.decoder = weights.list(owner, VaeNames.decoder(weights.dict(), shape));
    }

    public VaeShape shape() {
        return shape;
    }

    /// Pictures to latents: the mean of the posterior. Sizes that the factor (8) does not divide are cut to the next
    /// smaller that it does, around the centre.
    ///
    /// @param pictures (batch, height, width, ≥ 3 channels) from 0 to 1; channels beyond three are left out
    /// @return (batch, latent channels, height / 8, width / 8)
    public HostTensor encode(HostTensor pictures) {
        refuse(pictures, pictures.shape().length == 4 && pictures.size(3) >= 3, "pictures");
        long height = whole(pictures.size(1), "high");
        long width = whole(pictures.size(2), "wide");
        return inScope(() -> {
            Tensor input =
                    script.call("from_pictures")
                            .with(torch.fromHost(pictures))
                            .with((pictures.size(1) - height) / 2)
                            .with((pictures.size(2) - width) / 2)
                            .with(height)
                            .with(width)
                            .with(DType.F32.code())
                            .tensor();
            return script.call("encode")
                    .with(input)
                    .with(encoder)
                    .withLongs(longs(shape.encoderBlocks()))
                    .tensor();
        });
    }

    /// Latents to pictures.
    ///
    /// @param latents (batch, latent channels, height, width)
    /// @return (batch, 8 × height, 8 × width, 3) from 0 to 1
    public HostTensor decode(HostTensor latents) {
        return inScope(() -> script.call("to_pictures").with(decoded(latents)).tensor());
    }

    /// Latents to what the decoder gives: (batch, 3, 8 × height, 8 × width), about -1 to 1.
    HostTensor decodeRaw(HostTensor latents) {
        return inScope(() -> decoded(latents));
    }

    @Override
    public void close() {
        torch.run(owner::close);
    }

    private Tensor decoded(HostTensor latents) {
        refuse(
                latents,
                latents.shape().length == 4 && latents.size(1) == shape.latentChannels(),
                "latents");
        return script.call("decode")
                .with(torch.fromHost(latents))
                .with(decoder)
                .withLongs(longs(shape.decoderBlocks()))
                .tensor();
    }

    private HostTensor inScope(Supplier<Tensor> work) {
        return torch.call(() -> {
            try (Scope _ = torch.scope()) {
                return work.get().toHost();
            }
        });
    }

    private void refuse(HostTensor tensor, boolean fits, String kind) {
        if (!fits) {
            throw new IllegalArgumentException(
                    "this autoencoder (%d latent channels) takes no %s of the shape %s"
                            .formatted(
                                    shape.latentChannels(), kind, Arrays.toString(tensor.shape())));
        }
    }

    private long whole(long pixels, String direction) {
        long factor = shape.factor();
        if (pixels < factor) {
            throw new IllegalArgumentException(
                    "a picture must be at least %d pixels %s to be encoded, not %d"
                            .formatted(factor, direction, pixels));
        }
        return pixels / factor * factor;
    }

    private static long[] longs(List<Integer> numbers) {
        return numbers.stream().mapToLong(Integer::longValue).toArray();
    }
}
