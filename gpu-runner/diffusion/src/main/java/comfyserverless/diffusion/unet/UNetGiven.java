package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.torch.Tensor;
import org.jspecify.annotations.Nullable;

/// What a UNet is given besides latents and timesteps.
///
/// @param context the texts' encodings: (batch, tokens, context width)
/// @param vector one vector for each prompt (`y`): (batch, vector width); null for UNets without
/// @param residuals what controls add; null for nothing
public record UNetGiven(Tensor context, @Nullable Tensor vector, @Nullable Residuals residuals) {

    /// A text and nothing else.
    public static UNetGiven text(Tensor context) {
        return new UNetGiven(context, null, null);
    }

    UNetGiven with(@Nullable Residuals others) {
        return new UNetGiven(context, vector, others);
    }
}
