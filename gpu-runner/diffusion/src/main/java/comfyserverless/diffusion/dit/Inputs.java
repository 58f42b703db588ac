package comfyserverless.diffusion.dit;

import comfyserverless.diffusion.torch.Tensor;
import org.jspecify.annotations.Nullable;

/// What a transformer reads for a batch of noisy latents.
///
/// @param x (batch, channels, height, width)
/// @param timesteps one for each item, as the model's sampling gives them: (batch)
/// @param context the texts' encodings: (batch, tokens, context width)
/// @param vector the texts' pooled encodings: (batch, vector width)
/// @param guidance how strongly to follow the text, for networks that were trained to be told: (batch)
public record Inputs(
        Tensor x, Tensor timesteps, Tensor context, Tensor vector, @Nullable Tensor guidance) {}
