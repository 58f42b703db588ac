package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.GuidanceStep;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;
import java.util.List;

/// Leads away from what the network sees with the positive prompts when its middle does not look around (arXiv
/// 2403.17377): one evaluation more at each step.
///
/// @param scale how far; 0 for not at all
public record PerturbedAttention(double scale) implements ModelPatch.Result {

    @Override
    public HostTensor change(HostTensor guided, SidesPatch.Sides sides, GuidanceStep step) {
        if (scale == 0) {
            return guided;
        }
        HostTensor blind = step.seePositive(List.of(new MiddleValues()));
        HostTensor way = Vectors.sum(1, sides.positive(), -1, blind);
        return Vectors.sum(1, guided, scale, way);
    }
}
