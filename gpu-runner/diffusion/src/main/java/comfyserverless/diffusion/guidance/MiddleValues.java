package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.BlockPatch;

/// Self-attention in a UNet's middle that gives each place its own value back instead of looking around.
public record MiddleValues() implements BlockPatch {}
