package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.GuidanceStep;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;

/// Guidance below a noise level only, and no longer than a multiple of the positive side (RenormCFG, Lumina 2).
///
/// @param below the level
/// @param most the multiple; 0 for any length
public record RenormalizedGuidance(double below, double most) implements ModelPatch.Combination {

    @Override
    public HostTensor combine(SidesPatch.Sides sides, GuidanceStep step) {
        if (step.sigma() >= below) {
            return sides.positive();
        }
        HostTensor guided =
                Vectors.sum(step.scale(), sides.positive(), 1 - step.scale(), sides.negative());
        if (most <= 0) {
            return guided;
        }
        return Vectors.sum(
                item -> {
                    double longest = Vectors.length(sides.positive(), item) * most;
                    return Math.min(1, longest / Vectors.length(guided, item));
                },
                guided,
                item -> 0,
                guided);
    }
}
