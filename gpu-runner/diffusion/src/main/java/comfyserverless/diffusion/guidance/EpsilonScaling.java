package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.GuidanceStep;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;

/// Makes the predicted noise smaller, against the error that samplers pile up (arXiv 2308.15321).
///
/// @param divisor of the noise
public record EpsilonScaling(double divisor) implements ModelPatch.Result {

    private static final double NEXT_TO_NOTHING = 1e-9;

    public EpsilonScaling {
        divisor = divisor == 0 ? NEXT_TO_NOTHING : divisor;
    }

    @Override
    public HostTensor change(HostTensor guided, SidesPatch.Sides sides, GuidanceStep step) {
        return Vectors.both(step.x(), guided, (x, denoised) -> x - (x - denoised) / divisor);
    }
}
