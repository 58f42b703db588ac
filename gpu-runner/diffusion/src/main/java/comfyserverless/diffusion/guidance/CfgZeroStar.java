package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.GuidanceStep;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;

/// Scales the negative side to fit the positive one best (CFG-Zero*, arXiv 2503.18886).
public record CfgZeroStar() implements ModelPatch.Result {

    private static final double NEXT_TO_NOTHING = 1e-8;

    @Override
    public HostTensor change(HostTensor guided, SidesPatch.Sides sides, GuidanceStep step) {
        HostTensor positive = Vectors.sum(1, step.x(), -1, sides.positive());
        HostTensor negative = Vectors.sum(1, step.x(), -1, sides.negative());
        return Vectors.sum(
                item -> 1,
                guided,
                item -> {
                    double alpha =
                            Vectors.dot(positive, negative, item)
                                    / (Vectors.dot(negative, negative, item) + NEXT_TO_NOTHING);
                    return (alpha - 1) * (1 - step.scale());
                },
                sides.negative());
    }
}
