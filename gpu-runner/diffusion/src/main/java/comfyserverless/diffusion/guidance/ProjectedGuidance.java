package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.GuidanceStep;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;
import org.jspecify.annotations.Nullable;

/// Adaptive projected guidance (arXiv 2410.02416): the part of guidance along the positive side counts by itself, its
/// length is bounded, and steps before are remembered.
///
/// @param eta weight of the part along the positive side
/// @param longest bound of the length; 0 for none
/// @param momentum weight of the steps before
public record ProjectedGuidance(double eta, double longest, double momentum) implements SidesPatch {

    @Override
    public ModelPatch begun() {
        return new Run(this);
    }

    @Override
    public SidesPatch.Sides apply(SidesPatch.Sides sides, GuidanceStep step) {
        return projected(sides, step, difference(sides));
    }

    private static HostTensor difference(SidesPatch.Sides sides) {
        return Vectors.sum(1, sides.positive(), -1, sides.negative());
    }

    private SidesPatch.Sides projected(
            SidesPatch.Sides sides, GuidanceStep step, HostTensor guidance) {
        HostTensor positive = sides.positive();
        HostTensor bounded =
                longest > 0
                        ? Vectors.sum(
                                item -> Math.min(1, longest / Vectors.length(guidance, item)),
                                guidance,
                                item -> 0,
                                guidance)
                        : guidance;
        HostTensor changed =
                Vectors.sum(
                        item -> 1,
                        bounded,
                        item ->
                                (eta - 1)
                                        * Vectors.dot(bounded, positive, item)
                                        / Vectors.dot(positive, positive, item),
                        positive);
        HostTensor led = Vectors.sum(1, sides.negative(), 1, changed);
        HostTensor result = Vectors.sum(1, led, 1 / step.scale(), difference(sides));
        return new SidesPatch.Sides(result, sides.negative());
    }

    /// The guidance of one run, remembered from step to step.
    private static final class Run implements SidesPatch {
        private final ProjectedGuidance how;
        private @Nullable HostTensor average;
        private float before = Float.POSITIVE_INFINITY;

        Run(ProjectedGuidance how) {
            this.how = how;
        }

        @Override
        public SidesPatch.Sides apply(SidesPatch.Sides sides, GuidanceStep step) {
            if (step.sigma() > before) {
                average = null;
            }
            before = step.sigma();
            HostTensor guidance = difference(sides);
            HostTensor last = average;
            if (how.momentum != 0) {
                guidance = last == null ? guidance : Vectors.sum(how.momentum, last, 1, guidance);
                average = guidance;
            }
            return how.projected(sides, step, guidance);
        }
    }
}
