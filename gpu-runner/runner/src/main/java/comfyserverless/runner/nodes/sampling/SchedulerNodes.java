package comfyserverless.runner.nodes.sampling;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.diffusion.sampling.KnownLevels;
import comfyserverless.diffusion.sampling.ModelSampling;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.sampling.Scheduler;
import comfyserverless.diffusion.sampling.SigmaFormulas;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import comfyserverless.runner.nodes.model.ModelHandle;
import java.util.List;

/// The nodes that make noise levels (nodes_custom_sampler, nodes_align_your_steps, nodes_gits, nodes_optimalsteps, ComfyUI
/// 0.3.64).
public final class SchedulerNodes {
    private SchedulerNodes() {}

    public static List<Node> all() {
        return List.of(
                basicScheduler(),
                karrasScheduler(),
                exponentialScheduler(),
                polyexponentialScheduler(),
                laplaceScheduler(),
                vpScheduler(),
                betaSamplingScheduler(),
                sdTurboScheduler(),
                alignYourStepsScheduler(),
                gitsScheduler(),
                optimalStepsScheduler());
    }

    static Node basicScheduler() {
        return new SimpleNode(
                NodeDefinition.of("BasicScheduler", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/schedulers")
                        .required("model", link("MODEL"))
                        .required("scheduler", SamplerInputs.schedulers())
                        .required("steps", integer(20).between(1, 10000))
                        .required("denoise", decimal(1).between(0, 1).step(0.01))
                        .output("SIGMAS")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        SigmaFormulas.basic(
                                                levels(in),
                                                Scheduler.named(in.text("scheduler")),
                                                in.integer("steps"),
                                                in.decimal("denoise")))));
    }

    static Node karrasScheduler() {
        return new SimpleNode(
                NodeDefinition.of("KarrasScheduler", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/schedulers")
                        .required("steps", integer(20).between(1, 10000))
                        .required(
                                "sigma_max",
                                decimal(14.614642).between(0, 5000).step(0.01).with("round", false))
                        .required(
                                "sigma_min",
                                decimal(0.0291675).between(0, 5000).step(0.01).with("round", false))
                        .required("rho", decimal(7).between(0, 100).step(0.01).with("round", false))
                        .output("SIGMAS")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        SigmaFormulas.karras(
                                                in.integer("steps"),
                                                in.decimal("sigma_max"),
                                                in.decimal("sigma_min"),
                                                in.decimal("rho")))));
    }

    static Node exponentialScheduler() {
        return new SimpleNode(
                NodeDefinition.of("ExponentialScheduler", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/schedulers")
                        .required("steps", integer(20).between(1, 10000))
                        .required(
                                "sigma_max",
                                decimal(14.614642).between(0, 5000).step(0.01).with("round", false))
                        .required(
                                "sigma_min",
                                decimal(0.0291675).between(0, 5000).step(0.01).with("round", false))
                        .output("SIGMAS")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        SigmaFormulas.exponential(
                                                in.integer("steps"),
                                                in.decimal("sigma_max"),
                                                in.decimal("sigma_min")))));
    }

    static Node polyexponentialScheduler() {
        return new SimpleNode(
                NodeDefinition.of("PolyexponentialScheduler", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/schedulers")
                        .required("steps", integer(20).between(1, 10000))
                        .required(
                                "sigma_max",
                                decimal(14.614642).between(0, 5000).step(0.01).with("round", false))
                        .required(
                                "sigma_min",
                                decimal(0.0291675).between(0, 5000).step(0.01).with("round", false))
                        .required("rho", decimal(1).between(0, 100).step(0.01).with("round", false))
                        .output("SIGMAS")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        SigmaFormulas.polyexponential(
                                                in.integer("steps"),
                                                in.decimal("sigma_max"),
                                                in.decimal("sigma_min"),
                                                in.decimal("rho")))));
    }

    static Node laplaceScheduler() {
        return new SimpleNode(
                NodeDefinition.of("LaplaceScheduler", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/schedulers")
                        .required("steps", integer(20).between(1, 10000))
                        .required(
                                "sigma_max",
                                decimal(14.614642).between(0, 5000).step(0.01).with("round", false))
                        .required(
                                "sigma_min",
                                decimal(0.0291675).between(0, 5000).step(0.01).with("round", false))
                        .required("mu", decimal(0).between(-10, 10).step(0.1).with("round", false))
                        .required(
                                "beta", decimal(0.5).between(0, 10).step(0.1).with("round", false))
                        .output("SIGMAS")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        SigmaFormulas.laplace(
                                                in.integer("steps"),
                                                in.decimal("sigma_max"),
                                                in.decimal("sigma_min"),
                                                in.decimal("mu"),
                                                in.decimal("beta")))));
    }

    static Node vpScheduler() {
        return new SimpleNode(
                NodeDefinition.of("VPScheduler", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/schedulers")
                        .required("steps", integer(20).between(1, 10000))
                        .required(
                                "beta_d",
                                decimal(19.9).between(0, 5000).step(0.01).with("round", false))
                        .required(
                                "beta_min",
                                decimal(0.1).between(0, 5000).step(0.01).with("round", false))
                        .required(
                                "eps_s",
                                decimal(0.001).between(0, 1).step(0.0001).with("round", false))
                        .output("SIGMAS")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        SigmaFormulas.variancePreserving(
                                                in.integer("steps"),
                                                in.decimal("beta_d"),
                                                in.decimal("beta_min"),
                                                in.decimal("eps_s")))));
    }

    static Node betaSamplingScheduler() {
        return new SimpleNode(
                NodeDefinition.of("BetaSamplingScheduler", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/schedulers")
                        .required("model", link("MODEL"))
                        .required("steps", integer(20).between(1, 10000))
                        .required(
                                "alpha",
                                decimal(0.6).between(0, 50).step(0.01).with("round", false))
                        .required(
                                "beta", decimal(0.6).between(0, 50).step(0.01).with("round", false))
                        .output("SIGMAS")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        SigmaFormulas.beta(
                                                levels(in),
                                                in.integer("steps"),
                                                in.decimal("alpha"),
                                                in.decimal("beta")))));
    }

    static Node sdTurboScheduler() {
        return new SimpleNode(
                NodeDefinition.of("SDTurboScheduler", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/schedulers")
                        .required("model", link("MODEL"))
                        .required("steps", integer(1).between(1, 10))
                        .required("denoise", decimal(1).between(0, 1).step(0.01))
                        .output("SIGMAS")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        SigmaFormulas.turbo(
                                                levels(in),
                                                in.integer("steps"),
                                                in.decimal("denoise")))));
    }

    static Node alignYourStepsScheduler() {
        return new SimpleNode(
                NodeDefinition.of("AlignYourStepsScheduler", "comfy_extras.nodes_align_your_steps")
                        .displayed(null)
                        .category("sampling/custom_sampling/schedulers")
                        .required("model_type", choice("SD1", "SDXL", "SVD"))
                        .required("steps", integer(10).between(1, 10000))
                        .required("denoise", decimal(1).between(0, 1).step(0.01))
                        .output("SIGMAS")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        KnownLevels.alignYourSteps(
                                                in.text("model_type"),
                                                in.integer("steps"),
                                                in.decimal("denoise")))));
    }

    static Node gitsScheduler() {
        return new SimpleNode(
                NodeDefinition.of("GITSScheduler", "comfy_extras.nodes_gits")
                        .displayed(null)
                        .category("sampling/custom_sampling/schedulers")
                        .required("coeff", decimal(1.2).between(0.8, 1.5).step(0.05))
                        .required("steps", integer(10).between(2, 1000))
                        .required("denoise", decimal(1).between(0, 1).step(0.01))
                        .output("SIGMAS")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        KnownLevels.gits(
                                                in.decimal("coeff"),
                                                in.integer("steps"),
                                                in.decimal("denoise")))));
    }

    static Node optimalStepsScheduler() {
        return new SimpleNode(
                NodeDefinition.of("OptimalStepsScheduler", "comfy_extras.nodes_optimalsteps")
                        .displayed(null)
                        .category("sampling/custom_sampling/schedulers")
                        .required("model_type", choice("FLUX", "Wan", "Chroma"))
                        .required("steps", integer(20).between(3, 1000))
                        .required("denoise", decimal(1).between(0, 1).step(0.01))
                        .output("SIGMAS")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        KnownLevels.optimalSteps(
                                                in.text("model_type"),
                                                in.integer("steps"),
                                                in.decimal("denoise")))));
    }

    /// How the levels of the model at hand are numbered.
    static ModelSampling levels(Inputs in) {
        return in.handle("model", ModelHandle.Network.class).use(NoiseModel::sampling);
    }
}
