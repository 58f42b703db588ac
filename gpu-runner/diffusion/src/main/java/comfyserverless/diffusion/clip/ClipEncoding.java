package comfyserverless.diffusion.clip;

import comfyserverless.diffusion.torch.HostTensor;

/// An encoded prompt.
///
/// @param hidden what cross-attention reads: (1, tokens, width)
/// @param pooled the whole text in one vector, at the first chunk's end token: (1, width)
public record ClipEncoding(HostTensor hidden, HostTensor pooled) {}
