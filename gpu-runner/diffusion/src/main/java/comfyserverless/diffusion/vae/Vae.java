package comfyserverless.diffusion.vae;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// The autoencoder of Stable Diffusion (`AutoencoderKL`, ldm): pictures to latents and back, in float32.
///
/// Latents are its own, not scaled for the UNet. May be called from any thread.
public final class Vae {

    /// Freed blocks of this size are given back to the system after each batch.
    private static final long WORTH_TRIMMING = 128L << 20;

    private final Torch torch;
    private final MemoryBudget budget;
    private final Script script;

    private final VaeShape shape;
    private final Tensors encoder;
    private final Tensors decoder;

    /// Builds the model from weights under its prefix (`first_stage_model.`), on the device's thread; they live as long
    /// as `owner` is open.
    public Vae(Torch torch, Weights weights, Scope owner, MemoryBudget budget) {
        this.torch = torch;
        this.budget = budget;
        this.script = torch.load(Vae.class, "vae.py");

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
        return byItem(
                pictures,
                "encoding",
                height,
                width,
                picture -> {
                    Tensor input =
                            script.call("from_pictures")
                                    .with(torch.fromHost(picture))
                                    .with((picture.size(1) - height) / 2)
                                    .with((picture.size(2) - width) / 2)
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
        return decode(latents, raw -> script.call("to_pictures").with(raw).tensor());
    }

    /// Latents to what the decoder gives: (batch, 3, 8 × height, 8 × width), about -1 to 1.
    public HostTensor decodeRaw(HostTensor latents) {
        return decode(latents, raw -> raw);
    }

    private HostTensor decode(HostTensor latents, UnaryOperator<Tensor> end) {
        refuse(
                latents,
                latents.shape().length == 4 && latents.size(1) == shape.latentChannels(),
                "latents");
        long height = latents.size(2) * shape.factor();
        long width = latents.size(3) * shape.factor();
        return byItem(
                latents,
                "decoding",
                height,
                width,
                latent ->
                        end.apply(
                                script.call("decode")
                                        .with(torch.fromHost(latent))
                                        .with(decoder)
                                        .withLongs(longs(shape.decoderBlocks()))
                                        .tensor()));
    }

    /// Works on one item of the batch after another: each fills the device, and memory stays that of one.
    ///
    /// @throws comfyserverless.diffusion.weights.NotEnoughMemoryException when one item is too large
    private HostTensor byItem(
            HostTensor batch,
            String what,
            long height,
            long width,
            Function<HostTensor, Tensor> work) {
        long bytes = shape.workingBytes(height * width);
        budget.require(bytes, "%s a picture of %d × %d".formatted(what, width, height));
        List<HostTensor> results = new ArrayList<>();
        for (HostTensor item : batch.items()) {
            results.add(
                    torch.call(() -> {
                        try (Scope _ = torch.scope()) {
                            return work.apply(item).toHost();
                        }
                    }));
        }
        if (bytes > WORTH_TRIMMING) {
            torch.trim();
        }
        return HostTensor.join(results);
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
