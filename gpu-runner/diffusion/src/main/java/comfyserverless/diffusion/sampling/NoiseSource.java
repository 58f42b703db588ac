package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// Noise of variance 1 for the way between two noise levels; each call draws on.
@FunctionalInterface
interface NoiseSource {

    HostTensor between(double sigma, double sigmaNext);
}
