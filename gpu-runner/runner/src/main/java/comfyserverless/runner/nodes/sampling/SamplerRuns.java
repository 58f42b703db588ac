package comfyserverless.runner.nodes.sampling;

import comfyserverless.contract.event.PreviewFrame;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.Guider;
import comfyserverless.diffusion.sampling.LatentFormat;
import comfyserverless.diffusion.sampling.LatentPreview;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.sampling.SampleRequest;
import comfyserverless.diffusion.sampling.Sampled;
import comfyserverless.diffusion.sampling.Sampler;
import comfyserverless.diffusion.sampling.Samplers;
import comfyserverless.diffusion.sampling.Sampling;
import comfyserverless.diffusion.sampling.SamplingTask;
import comfyserverless.diffusion.sampling.Sigmas;
import comfyserverless.diffusion.sampling.StartNoise;
import comfyserverless.diffusion.sampling.StepListener;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.runner.image.JpegWriter;
import comfyserverless.runner.image.Pixels;
import comfyserverless.runner.nodes.conditioning.Prompts;
import comfyserverless.runner.nodes.model.ControlRef;
import comfyserverless.runner.nodes.model.ModelHandle;
import java.util.List;
import java.util.function.Function;

/// Runs a sampler for a node: inputs to a request, steps to progress and pictures.
final class SamplerRuns {
    /// Fits into one message of API Gateway in base64.
    private static final int MOST_PREVIEW = 22_000;

    private final PreviewMethod previews;

    SamplerRuns(PreviewMethod previews) {
        this.previews = previews;
    }

    /// How a run goes, besides model and prompts.
    record Way(StartNoise noise, Sampler sampler, Sigmas sigmas) {}

    /// What a run gives.
    ///
    /// @param denoised what the model saw last
    record Results(Latent latent, Latent denoised) {}

    /// A run along the levels that a scheduler gives.
    Latent sample(Inputs in, long seed, SampleRequest.Plan plan, NodeContext context) {
        ModelHandle.Network model = in.handle("model", ModelHandle.Network.class);
        Guider guider =
                new Guider.ClassifierFree(
                        in.handle("positive", Prompts.class).all(),
                        in.handle("negative", Prompts.class).all(),
                        in.decimal("cfg"));
        Way way =
                new Way(
                        new StartNoise(plan.addNoise(), seed),
                        Samplers.named(plan.sampler()),
                        model.use(network -> Sampling.sigmas(network.sampling(), plan)));
        return sample(new LedModel(model, guider), way, in.latent("latent_image"), context)
                .latent();
    }

    Results sample(LedModel led, Way way, Latent latent, NodeContext context) {
        Sampled sampled =
                loaded(
                        led.guider(),
                        guider ->
                                led.model()
                                        .use(network ->
                                                Sampling.sample(
                                                        new SamplingTask(
                                                                network,
                                                                guider,
                                                                start(latent),
                                                                way.noise(),
                                                                way.sampler(),
                                                                way.sigmas()),
                                                        steps(network, context))));
        return new Results(latent(sampled.latent(), latent), latent(sampled.denoised(), latent));
    }

    /// Runs something with the prompts' controls loaded.
    private static <T> T loaded(Guider guider, Function<Guider, T> work) {
        List<Conditioning> all = guider.prompts().values().stream().flatMap(List::stream).toList();
        return ControlRef.loaded(all, ready -> work.apply(guider.each(ready)));
    }

    /// Sampled numbers as a latent with the mask and places of another.
    static Latent latent(HostTensor sampled, Latent like) {
        return new Latent(
                sampled.data(),
                (int) sampled.size(0),
                (int) sampled.size(1),
                (int) sampled.size(2),
                (int) sampled.size(3),
                like.noiseMask(),
                like.batchIndex());
    }

    static SampleRequest.Latent start(Latent latent) {
        HostTensor samples =
                new HostTensor(
                        latent.data(),
                        latent.batch(),
                        latent.channels(),
                        latent.height(),
                        latent.width());
        Mask mask = latent.noiseMask();
        return new SampleRequest.Latent(
                samples,
                mask == null
                        ? null
                        : new HostTensor(mask.data(), mask.batch(), mask.height(), mask.width()),
                latent.batchIndex());
    }

    private StepListener steps(NoiseModel model, NodeContext context) {
        LatentFormat format = model.latentFormat();
        return new StepListener() {
            @Override
            public void step(int step, int total, HostTensor denoised) {
                switch (previews) {
                    case NONE -> context.progress(step, total);
                    case LATENT2RGB -> context.progress(step, total, picture(format, denoised));
                }
            }

            @Override
            public boolean isCancelled() {
                context.checkStop();
                return false;
            }
        };
    }

    private static PreviewFrame picture(LatentFormat format, HostTensor denoised) {
        LatentPreview preview = LatentPreview.of(format, denoised);
        Pixels pixels = new Pixels(preview.width(), preview.height(), 3, preview.rgb());
        return new PreviewFrame("image/jpeg", JpegWriter.within(pixels, MOST_PREVIEW), null);
    }
}
