package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.GuidanceStep;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.PerpNeg;
import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;
import java.util.List;

/// Perp-Neg as a patch: one evaluation more at each step, for prompts that say nothing.
public record PerpendicularNegative(List<Conditioning> empty, double negativeScale)
        implements ModelPatch.Combination {

    public PerpendicularNegative {
        empty = List.copyOf(empty);
    }

    @Override
    public HostTensor combine(SidesPatch.Sides sides, GuidanceStep step) {
        return PerpNeg.guided(sides, step.seeOther(empty), negativeScale, step.scale());
    }
}
