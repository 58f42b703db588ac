package comfyserverless.runner.nodes.sampling;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.flag;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.sampling.Guider;
import comfyserverless.diffusion.sampling.Sampling;
import comfyserverless.diffusion.sampling.Sigmas;
import comfyserverless.diffusion.sampling.StartNoise;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import comfyserverless.runner.nodes.conditioning.Prompts;
import comfyserverless.runner.nodes.model.ModelHandle;

/// The nodes that run a sampler of one's own choice along noise levels of one's own (nodes_custom_sampler, ComfyUI
/// 0.3.64).
public final class CustomSampling {
    private static final String MODULE = "comfy_extras.nodes_custom_sampler";

    private CustomSampling() {}

    public static Node samplerCustom(PreviewMethod previews) {
        SamplerRuns runs = new SamplerRuns(previews);
        return new SimpleNode(
                NodeDefinition.of("SamplerCustom", MODULE)
                        .category("sampling/custom_sampling")
                        .required("model", link("MODEL"))
                        .required("add_noise", flag(true))
                        .required("noise_seed", SamplerInputs.seed())
                        .required("cfg", decimal(8).between(0, 100).step(0.1).round(0.01))
                        .required("positive", link("CONDITIONING"))
                        .required("negative", link("CONDITIONING"))
                        .required("sampler", link("SAMPLER"))
                        .required("sigmas", link("SIGMAS"))
                        .required("latent_image", link("LATENT"))
                        .output("LATENT", "output")
                        .output("LATENT", "denoised_output")
                        .build(),
                (in, context) -> {
                    Guider guider =
                            new Guider.ClassifierFree(
                                    in.handle("positive", Prompts.class).all(),
                                    in.handle("negative", Prompts.class).all(),
                                    in.decimal("cfg"));
                    return sampled(
                            runs,
                            in,
                            new LedModel(in.handle("model", ModelHandle.Network.class), guider),
                            new StartNoise(in.flag("add_noise"), in.whole("noise_seed")),
                            context);
                });
    }

    public static Node samplerCustomAdvanced(PreviewMethod previews) {
        SamplerRuns runs = new SamplerRuns(previews);
        return new SimpleNode(
                NodeDefinition.of("SamplerCustomAdvanced", MODULE)
                        .category("sampling/custom_sampling")
                        .required("noise", link("NOISE"))
                        .required("guider", link("GUIDER"))
                        .required("sampler", link("SAMPLER"))
                        .required("sigmas", link("SIGMAS"))
                        .required("latent_image", link("LATENT"))
                        .output("LATENT", "output")
                        .output("LATENT", "denoised_output")
                        .build(),
                (in, context) ->
                        sampled(
                                runs,
                                in,
                                SocketTypes.GUIDER.of(in, "guider"),
                                SocketTypes.NOISE.of(in, "noise"),
                                context));
    }

    private static Outputs sampled(
            SamplerRuns runs, Inputs in, LedModel led, StartNoise noise, NodeContext context) {
        SamplerRuns.Way way =
                new SamplerRuns.Way(
                        noise,
                        SocketTypes.SAMPLER.of(in, "sampler"),
                        SocketTypes.SIGMAS.of(in, "sigmas"));
        SamplerRuns.Results results = runs.sample(led, way, in.latent("latent_image"), context);
        return Outputs.of(results.latent(), results.denoised());
    }

    public static Node addNoise() {
        return new SimpleNode(
                NodeDefinition.of("AddNoise", MODULE)
                        .category("_for_testing/custom_sampling/noise")
                        .required("model", link("MODEL"))
                        .required("noise", link("NOISE"))
                        .required("sigmas", link("SIGMAS"))
                        .required("latent_image", link("LATENT"))
                        .output("LATENT")
                        .build(),
                (in, context) -> Outputs.of(noised(in)));
    }

    private static Latent noised(Inputs in) {
        Sigmas sigmas = SocketTypes.SIGMAS.of(in, "sigmas");
        Latent latent = in.latent("latent_image");
        if (sigmas.size() == 0) {
            return latent;
        }
        double level =
                sigmas.size() > 1 ? Math.abs(sigmas.first() - sigmas.last()) : sigmas.first();
        return SamplerRuns.latent(
                in.handle("model", ModelHandle.Network.class)
                        .use(model ->
                                Sampling.noised(
                                        model,
                                        SocketTypes.NOISE.of(in, "noise"),
                                        level,
                                        SamplerRuns.start(latent))),
                latent);
    }
}
