package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.BlockPatch;

/// Strengthens what comes up through a UNet and weakens the low frequencies of its skip connections (FreeU, arXiv
/// 2309.11497), on the two coarsest levels.
///
/// @param b1 factor of half of the channels where there are four times the model's channels
/// @param b2 the same where there are twice
/// @param s1 factor of the low frequencies where there are four times the model's channels
/// @param s2 the same where there are twice
/// @param second whether channels are strengthened the more the larger their mean is (version 2)
public record FreeU(double b1, double b2, double s1, double s2, boolean second)
        implements BlockPatch {}
