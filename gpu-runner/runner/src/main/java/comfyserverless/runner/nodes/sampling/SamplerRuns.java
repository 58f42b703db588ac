package comfyserverless.runner.nodes.sampling;

import comfyserverless.contract.event.PreviewFrame;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.LatentFormat;
import comfyserverless.diffusion.sampling.LatentPreview;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.sampling.SampleRequest;
import comfyserverless.diffusion.sampling.Sampling;
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
import java.util.ArrayList;
import java.util.List;

/// Runs a sampler for a node: inputs to a request, steps to progress and pictures.
final class SamplerRuns {
    /// Fits into one message of API Gateway in base64.
    private static final int MOST_PREVIEW = 22_000;

    private final PreviewMethod previews;

    SamplerRuns(PreviewMethod previews) {
        this.previews = previews;
    }

    Latent sample(Inputs in, long seed, SampleRequest.Plan plan, NodeContext context) {
        ModelHandle.Network model = in.handle("model", ModelHandle.Network.class);
        List<Conditioning> positive = in.handle("positive", Prompts.class).all();
        List<Conditioning> negative = in.handle("negative", Prompts.class).all();
        double cfg = in.decimal("cfg");
        List<Conditioning> all = new ArrayList<>(positive);
        all.addAll(negative);
        Latent latent = in.latent("latent_image");
        HostTensor sampled =
                ControlRef.loaded(
                        all,
                        loaded -> {
                            SampleRequest.Prompting prompts =
                                    new SampleRequest.Prompting(
                                            positive.stream().map(loaded).toList(),
                                            negative.stream().map(loaded).toList(),
                                            cfg);
                            return model.use(network ->
                                    Sampling.sample(
                                            new SampleRequest(
                                                    network, prompts, start(latent), seed, plan),
                                            steps(network, context)));
                        });
        return latent.withData(sampled.data());
    }

    private static SampleRequest.Latent start(Latent latent) {
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
