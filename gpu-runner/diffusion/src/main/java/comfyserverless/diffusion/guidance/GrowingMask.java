package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.ModelSampling;
import comfyserverless.diffusion.sampling.Sigmas;
import comfyserverless.diffusion.torch.HostTensor;

/// Differential diffusion (arXiv 2306.00950): a place of a soft mask is sampled from the time on that its grey says.
///
/// @param strength how much of the hard mask is used, the rest is the soft one; 0 and 1 for all of it
public record GrowingMask(double strength) implements ModelPatch.Mask {

    @Override
    public HostTensor at(float sigma, HostTensor mask, Sigmas sigmas, ModelSampling model) {
        float last = model.timestep(Math.max(model.sigmaMin(), sigmas.last()));
        float first = model.timestep(sigmas.first());
        double threshold = (model.timestep(sigma) - last) / (double) (first - last);
        double share = strength > 0 && strength < 1 ? strength : 1;
        return Vectors.both(
                mask,
                mask,
                (m, same) -> share * (m >= (float) threshold ? 1 : 0) + (1 - share) * m);
    }
}
