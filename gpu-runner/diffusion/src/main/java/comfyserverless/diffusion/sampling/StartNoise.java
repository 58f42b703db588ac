package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// The noise that a run begins with, and the seed of what it draws later.
///
/// @param drawn false for no noise: the latent carries its own
public record StartNoise(boolean drawn, long seed) {

    public static StartNoise random(long seed) {
        return new StartNoise(true, seed);
    }

    public static StartNoise none() {
        return new StartNoise(false, 0);
    }

    /// The noise of a latent, of its shape.
    public HostTensor of(SampleRequest.Latent latent) {
        long[] shape = latent.samples().shape();
        return drawn ? Noise.of(seed, latent.batchIndex(), shape) : HostTensor.zeros(shape);
    }
}
