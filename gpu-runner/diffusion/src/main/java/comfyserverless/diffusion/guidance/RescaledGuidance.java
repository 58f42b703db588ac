package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.GuidanceStep;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;

/// Guidance whose velocities spread no wider than those of the positive side (RescaleCFG, arXiv 2305.08891).
///
/// @param share how much of the result is rescaled
public record RescaledGuidance(double share) implements ModelPatch.Combination {

    @Override
    public HostTensor combine(SidesPatch.Sides sides, GuidanceStep step) {
        double sigma = step.sigma();
        double variance = sigma * sigma + 1;
        double factor = Math.sqrt(variance) / sigma;
        HostTensor x = step.x();
        HostTensor positive = Vectors.sum(factor / variance, x, -factor, sides.positive());
        HostTensor negative = Vectors.sum(factor / variance, x, -factor, sides.negative());
        HostTensor guided = Vectors.sum(step.scale(), positive, 1 - step.scale(), negative);
        return Vectors.sum(
                item -> 1 / variance,
                x,
                item -> {
                    double ratio =
                            Vectors.deviation(positive, item) / Vectors.deviation(guided, item);
                    return -(share * ratio + 1 - share) / factor;
                },
                guided);
    }
}
