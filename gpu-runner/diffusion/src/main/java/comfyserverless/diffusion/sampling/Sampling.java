package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Samples latents: schedule, noise, guidance, sampler (`common_ksampler`, `CFGGuider.sample` and what they call, ComfyUI
/// 0.3.64).
public final class Sampling {

    private static final double SAME_LEVEL = 1e-5;

    private Sampling() {}

    /// Runs one request and gives the sampled latents in the autoencoder's scale. Where no step is left to take, the
    /// given latents.
    ///
    /// @throws Interrupted when the listener cancels
    /// @throws IllegalArgumentException for a sampler that is not there
    public static HostTensor sample(SampleRequest request, StepListener listener) {
        SampleRequest.Prompting prompts = request.prompts();
        SamplingTask task =
                new SamplingTask(
                        request.model(),
                        new Guider.ClassifierFree(
                                prompts.positive(), prompts.negative(), prompts.cfg()),
                        request.latent(),
                        new StartNoise(request.plan().addNoise(), request.seed()),
                        Samplers.named(request.plan().sampler()),
                        sigmas(request.model().sampling(), request.plan()));
        return sample(task, listener).latent();
    }

    /// Runs a sampler along given noise levels. Without any the latent stays as it is; with one, it is noised to it.
    ///
    /// @throws Interrupted when the listener cancels
    public static Sampled sample(SamplingTask task, StepListener listener) {
        NoiseModel model = task.model();
        SampleRequest.Latent latent = fitted(task.latent(), model);
        HostTensor samples = latent.samples();
        Sigmas sigmas = task.sigmas();
        if (sigmas.size() == 0) {
            return new Sampled(samples, samples);
        }
        HostTensor noise = task.noise().of(latent);
        HostTensor original =
                Latents.isZero(samples) ? samples : model.latentFormat().toNetwork(samples);
        LastSeen seen = new LastSeen(listener);
        SamplerRun run =
                new SamplerRun(
                        denoiser(task, latent, original, noise),
                        model.sampling(),
                        sigmas.toArray(),
                        task.noise().seed(),
                        seen);
        HostTensor start = noised(model.sampling(), sigmas.first(), noise, original);
        HostTensor end = sigmas.steps() == 0 ? start : task.sampler().sample(run, start);
        double last = model.sampling().prediction().resultFactor(sigmas.last());
        HostTensor result =
                model.latentFormat().fromNetwork(last == 1 ? end : Latents.times(last, end));
        HostTensor denoised = seen.denoised;
        return new Sampled(
                result, denoised == null ? result : model.latentFormat().fromNetwork(denoised));
    }

    /// A latent with noise of a level over it, as AddNoise leaves it; what is no number becomes 0.
    public static HostTensor noised(
            NoiseModel model, StartNoise noise, double sigma, SampleRequest.Latent latent) {
        HostTensor samples = latent.samples();
        HostTensor original =
                Latents.isZero(samples) ? samples : model.latentFormat().toNetwork(samples);
        Prediction prediction = model.sampling().prediction();
        HostTensor noisy =
                Latents.sum(
                        prediction.noiseFactor(sigma, false),
                        noise.of(latent),
                        prediction.latentFactor(sigma),
                        original);
        return Latents.finite(model.latentFormat().fromNetwork(noisy));
    }

    /// The sigmas that a plan steps through; empty when there is nothing to do.
    public static Sigmas sigmas(ModelSampling model, SampleRequest.Plan plan) {
        float[] all =
                SamplerSteps.sigmas(
                        model, plan.scheduler(), plan.sampler(), plan.steps(), plan.denoise());
        SampleRequest.Window window = plan.window();
        return Sigmas.of(
                SamplerSteps.window(all, window.start(), window.end(), !window.leaveNoise()));
    }

    private static HostTensor noised(
            ModelSampling sampling, float sigma, HostTensor noise, HostTensor original) {
        Prediction prediction = sampling.prediction();
        double factor = prediction.noiseFactor(sigma, isFullNoise(sampling, sigma));
        return Latents.sum(factor, noise, prediction.latentFactor(sigma), original);
    }

    /// An empty latent is made for any model: it gets the channels of this one.
    private static SampleRequest.Latent fitted(SampleRequest.Latent latent, NoiseModel model) {
        long[] shape = latent.samples().shape();
        int channels = model.latentFormat().channels();
        if (shape[1] == channels || !Latents.isZero(latent.samples())) {
            return latent;
        }
        shape[1] = channels;
        return new SampleRequest.Latent(
                HostTensor.zeros(shape), latent.noiseMask(), latent.batchIndex());
    }

    private static Denoiser denoiser(
            SamplingTask task, SampleRequest.Latent latent, HostTensor original, HostTensor noise) {
        NoiseModel model = task.model();
        long[] shape = original.shape();
        List<ModelPatch> patches = model.patches().stream().map(ModelPatch::begun).toList();
        Denoiser guidance = GuidedDenoiser.of(model, task.guider(), patches, shape);
        @Nullable HostTensor mask = latent.noiseMask();
        if (mask == null) {
            return guidance;
        }
        HostTensor behind =
                task.sampler().drawsAnewBehindMasks()
                        ? new NormalGenerator(task.noise().seed() + 1).next(shape)
                        : noise;
        return new MaskedDenoiser(
                guidance,
                model.sampling().prediction(),
                masking(patches, Masks.forLatent(mask, shape), task),
                original,
                behind);
    }

    private static MaskedDenoiser.Masking masking(
            List<ModelPatch> patches, HostTensor mask, SamplingTask task) {
        MaskedDenoiser.Masking masks = sigma -> mask;
        for (ModelPatch patch : patches) {
            if (patch instanceof ModelPatch.Mask own) {
                masks = sigma -> own.at(sigma, mask, task.sigmas(), task.model().sampling());
            }
        }
        return masks;
    }

    private static boolean isFullNoise(ModelSampling model, float sigma) {
        float max = model.sigmaMax();
        return sigma > max || Math.abs(max - sigma) <= SAME_LEVEL * Math.max(max, sigma);
    }

    /// Keeps what the model saw last.
    private static final class LastSeen implements StepListener {
        private final StepListener listener;
        private @Nullable HostTensor denoised;

        LastSeen(StepListener listener) {
            this.listener = listener;
        }

        @Override
        public void step(int step, int total, HostTensor seen) {
            denoised = seen;
            listener.step(step, total, seen);
        }

        @Override
        public boolean isCancelled() {
            return listener.isCancelled();
        }
    }
}
