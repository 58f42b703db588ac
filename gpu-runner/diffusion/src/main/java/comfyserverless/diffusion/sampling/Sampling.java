package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import org.jspecify.annotations.Nullable;

/// Samples latents: schedule, noise, guidance, sampler (`common_ksampler` and what it calls, ComfyUI 0.3.64).
public final class Sampling {

    private static final double SAME_LEVEL = 1e-5;
    private static final String DDIM = "ddim";

    private Sampling() {}

    /// Runs one request and gives the sampled latents in the autoencoder's scale. Where no step is left to take, the
    /// given latents.
    ///
    /// @throws Interrupted when the listener cancels
    /// @throws IllegalArgumentException for a sampler that is not there
    public static HostTensor sample(SampleRequest request, StepListener listener) {
        NoiseModel model = request.model();
        HostTensor samples = request.latent().samples();
        float[] sigmas = sigmas(request);
        if (sigmas.length == 0) {
            return samples;
        }
        HostTensor noise =
                request.plan().addNoise()
                        ? Noise.of(request.seed(), request.latent().batchIndex(), samples.shape())
                        : HostTensor.zeros(samples.shape());
        HostTensor original =
                Latents.isZero(samples) ? samples : model.latentFormat().toNetwork(samples);
        Denoiser denoiser = denoiser(request, original, noise);
        SamplerRun run =
                new SamplerRun(denoiser, model.sampling(), sigmas, request.seed(), listener);
        Prediction prediction = model.sampling().prediction();
        double noiseFactor =
                prediction.noiseFactor(sigmas[0], isFullNoise(model.sampling(), sigmas[0]));
        HostTensor start =
                Latents.sum(noiseFactor, noise, prediction.latentFactor(sigmas[0]), original);
        HostTensor end = Samplers.named(request.plan().sampler()).sample(run, start);
        double last = prediction.resultFactor(sigmas[sigmas.length - 1]);
        return model.latentFormat().fromNetwork(last == 1 ? end : Latents.times(last, end));
    }

    /// The sigmas a request steps through; empty when there is nothing to do.
    public static float[] sigmas(SampleRequest request) {
        SampleRequest.Plan plan = request.plan();
        float[] all =
                SamplerSteps.sigmas(
                        request.model().sampling(),
                        plan.scheduler(),
                        plan.sampler(),
                        plan.steps(),
                        plan.denoise());
        SampleRequest.Window window = plan.window();
        return SamplerSteps.window(all, window.start(), window.end(), !window.leaveNoise());
    }

    private static Denoiser denoiser(SampleRequest request, HostTensor original, HostTensor noise) {
        SampleRequest.Prompting prompts = request.prompts();
        long[] shape = original.shape();
        Denoiser guidance =
                Guidance.of(
                        request.model(),
                        prompts.cfg(),
                        prompts.positive(),
                        prompts.negative(),
                        shape);
        @Nullable HostTensor mask = request.latent().noiseMask();
        if (mask == null) {
            return guidance;
        }
        HostTensor behind =
                request.plan().sampler().equals(DDIM)
                        ? new NormalGenerator(request.seed() + 1).next(shape)
                        : noise;
        Prediction prediction = request.model().sampling().prediction();
        return new MaskedDenoiser(
                guidance, prediction, Masks.forLatent(mask, shape), original, behind);
    }

    private static boolean isFullNoise(ModelSampling model, float sigma) {
        float max = model.sigmaMax();
        return sigma > max || Math.abs(max - sigma) <= SAME_LEVEL * Math.max(max, sigma);
    }
}
