package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// What a sampler works with: the model's view, its noise levels, sources of fresh noise, and who follows the run.
public final class SamplerRun {

    private final Denoiser denoiser;
    private final ModelSampling model;
    private final float[] sigmas;
    private final long seed;
    private final StepListener listener;

    /// @param sigmas falling noise levels, one more than there are steps; at least two
    public SamplerRun(
            Denoiser denoiser,
            ModelSampling model,
            float[] sigmas,
            long seed,
            StepListener listener) {
        this.denoiser = denoiser;
        this.model = model;
        this.sigmas = sigmas.clone();
        this.seed = seed;
        this.listener = listener;
    }

    /// The same run with a first level that has a signal: solvers that count in its logarithm need one.
    SamplerRun withFiniteSnr() {
        if (model.prediction() != Prediction.FLOW || sigmas[0] < 1) {
            return this;
        }
        float[] lowered = sigmas.clone();
        lowered[0] = (float) model.percentToSigma(1e-4);
        return new SamplerRun(denoiser, model, lowered, seed, listener);
    }

    int steps() {
        return sigmas.length - 1;
    }

    /// The noise level before step `i`, or after the last one for `i` = steps.
    float sigma(int i) {
        return sigmas[i];
    }

    ModelSampling model() {
        return model;
    }

    HostTensor denoise(HostTensor x, double sigma) {
        checkCancelled();
        return denoiser.denoise(x, (float) sigma);
    }

    Denoiser.Guided denoiseBoth(HostTensor x, double sigma) {
        checkCancelled();
        return denoiser.denoiseBoth(x, (float) sigma);
    }

    /// Tells the listener that step `i` (from 0) has its denoised latent.
    void report(int i, HostTensor denoised) {
        listener.step(i + 1, steps(), denoised);
    }

    /// Independent noise of the latent's shape; its generator starts again at the job's seed, as ComfyUI's does.
    NoiseSource freshNoise(HostTensor x) {
        NormalGenerator generator = new NormalGenerator(seed);
        return (from, to) -> generator.next(x.shape());
    }

    /// The generator that drew the run's first noise, gone on from there.
    NormalGenerator noiseAfterTheFirst(HostTensor start) {
        NormalGenerator generator = new NormalGenerator(seed);
        generator.next(start.shape());
        return generator;
    }

    /// Noise as increments of one Brownian path between the run's lowest and highest level.
    NoiseSource brownianNoise(HostTensor x) {
        float low = Float.POSITIVE_INFINITY;
        float high = 0;
        for (float sigma : sigmas) {
            low = sigma > 0 ? Math.min(low, sigma) : low;
            high = Math.max(high, sigma);
        }
        return BrownianPath.between(low, high, seed, x.shape()).asNoise();
    }

    private void checkCancelled() {
        if (listener.isCancelled()) {
            throw new Interrupted();
        }
    }
}
