package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.BlockPatch;

/// Makes a UNet's inside smaller from one of its input blocks on, during part of sampling (deep shrink).
///
/// @param block number of the input block
/// @param factor how much smaller
/// @param when during which noise levels
/// @param afterSkip whether the block's skip connection keeps its size
/// @param down how it is made smaller: `bicubic`, `nearest-exact`, `bilinear`, `area` or `bislerp`
/// @param up how it is made larger again
public record Downscaling(
        int block, double factor, Levels when, boolean afterSkip, String down, String up)
        implements BlockPatch {

    /// Noise levels, both ends included.
    public record Levels(double highest, double lowest) {
        boolean include(float sigma) {
            return sigma <= highest && sigma >= lowest;
        }
    }

    /// Whether it acts behind an input block at a noise level.
    public boolean acts(int input, float sigma) {
        return input == block && when.include(sigma);
    }
}
