package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.BlockPatch;

/// Multiplies what all attentions of one kind compute.
///
/// @param cross whether cross-attention is meant, else self-attention
/// @param q factor of the queries
/// @param k factor of the keys
/// @param v factor of the values
/// @param out factor of the result
public record AttentionFactors(boolean cross, double q, double k, double v, double out)
        implements BlockPatch {}
