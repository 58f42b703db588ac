package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// Euler's method with noise of its own behind a mask.
record Ddim() implements Sampler {

    @Override
    public HostTensor sample(SamplerRun run, HostTensor x) {
        return Euler.euler(run, x);
    }

    @Override
    public boolean drawsAnewBehindMasks() {
        return true;
    }
}
