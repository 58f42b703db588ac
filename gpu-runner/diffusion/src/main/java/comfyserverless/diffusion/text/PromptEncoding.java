package comfyserverless.diffusion.text;

import comfyserverless.diffusion.torch.HostTensor;
import org.jspecify.annotations.Nullable;

/// An encoded prompt.
///
/// @param hidden what the network reads token by token: (1, tokens, width)
/// @param pooled the whole text in one vector: (1, width); null where the encoders give none
public record PromptEncoding(HostTensor hidden, @Nullable HostTensor pooled) {}
