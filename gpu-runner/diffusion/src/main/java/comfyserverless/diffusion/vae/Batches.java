package comfyserverless.diffusion.vae;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.MemoryBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// What autoencoders on a device share: batches are checked, and worked on one item after another, since each fills the
/// device and memory stays that of one.
///
/// @param script `vae.py`, for what stands before and behind the models
/// @param channels of a latent
/// @param factor pixels to one latent position
/// @param bytesPerPixel memory that a picture takes while it is worked on
record Batches(
        Torch torch,
        MemoryBudget budget,
        Script script,
        int channels,
        int factor,
        long bytesPerPixel) {

    /// Freed blocks of this size are given back to the system after each batch.
    private static final long WORTH_TRIMMING = 128L << 20;

    /// @param encoder what becomes of pictures from -1 to 1: (1, 3, height, width)
    HostTensor encode(HostTensor pictures, Function<Tensor, Tensor> encoder) {
        refuse(pictures, pictures.shape().length == 4 && pictures.size(3) >= 3, "pictures");
        long height = whole(pictures.size(1), "high");
        long width = whole(pictures.size(2), "wide");
        return byItem(
                pictures,
                "encoding",
                height,
                width,
                picture ->
                        encoder.apply(
                                script.call("from_pictures")
                                        .with(torch.fromHost(picture))
                                        .with((picture.size(1) - height) / 2)
                                        .with((picture.size(2) - width) / 2)
                                        .with(height)
                                        .with(width)
                                        .with(DType.F32.code())
                                        .tensor()));
    }

    /// @param decoder what becomes of a latent: (1, 3, height, width), about -1 to 1
    HostTensor decode(HostTensor latents, Function<Tensor, Tensor> decoder) {
        return decodeRaw(
                latents, latent -> script.call("to_pictures").with(decoder.apply(latent)).tensor());
    }

    /// [#decode] without bringing the result to pictures.
    HostTensor decodeRaw(HostTensor latents, Function<Tensor, Tensor> decoder) {
        refuse(latents, latents.shape().length == 4 && latents.size(1) == channels, "latents");
        return byItem(
                latents,
                "decoding",
                latents.size(2) * factor,
                latents.size(3) * factor,
                latent -> decoder.apply(torch.fromHost(latent)));
    }

    private HostTensor byItem(
            HostTensor batch,
            String what,
            long height,
            long width,
            Function<HostTensor, Tensor> work) {
        long bytes = bytesPerPixel * height * width;
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
                            .formatted(channels, kind, Arrays.toString(tensor.shape())));
        }
    }

    private long whole(long pixels, String direction) {
        if (pixels < factor) {
            throw new IllegalArgumentException(
                    "a picture must be at least %d pixels %s to be encoded, not %d"
                            .formatted(factor, direction, pixels));
        }
        return pixels / factor * factor;
    }
}
