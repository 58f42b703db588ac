package comfyserverless.runner.nodes.sampling;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.InputOptions;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.diffusion.sampling.DpmPlusPlus2S;
import comfyserverless.diffusion.sampling.DpmPlusPlusSde;
import comfyserverless.diffusion.sampling.DpmSolver;
import comfyserverless.diffusion.sampling.ErSde;
import comfyserverless.diffusion.sampling.EulerAncestral;
import comfyserverless.diffusion.sampling.EulerCfgPlusPlus;
import comfyserverless.diffusion.sampling.LcmUpscale;
import comfyserverless.diffusion.sampling.SaSolver;
import comfyserverless.diffusion.sampling.Sampler;
import comfyserverless.diffusion.sampling.Samplers;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.nodes.Grids;
import comfyserverless.runner.nodes.SimpleNode;
import java.util.List;

/// The nodes that choose a sampler and set its numbers (nodes_custom_sampler, nodes_advanced_samplers, ComfyUI 0.3.64).
public final class SamplerNodes {
    private SamplerNodes() {}

    public static List<Node> all() {
        return List.of(
                kSamplerSelect(),
                samplerEulerAncestral(),
                samplerEulerAncestralCFGPP(),
                samplerLMS(),
                samplerDPMPP3MSDE(),
                samplerDPMPP2MSDE(),
                samplerDPMPPSDE(),
                samplerDPMPP2SAncestral(),
                samplerDPMAdaptative(),
                samplerERSDE(),
                samplerSASolver(),
                samplerLCMUpscale(),
                samplerEulerCFGpp());
    }

    static Node kSamplerSelect() {
        return new SimpleNode(
                NodeDefinition.of("KSamplerSelect", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/samplers")
                        .required("sampler_name", SamplerInputs.samplers())
                        .output("SAMPLER")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SAMPLER.value(
                                        Samplers.named(in.text("sampler_name")))));
    }

    static Node samplerEulerAncestral() {
        return new SimpleNode(
                NodeDefinition.of("SamplerEulerAncestral", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/samplers")
                        .required("eta", decimal(1).between(0, 100).step(0.01).with("round", false))
                        .required(
                                "s_noise",
                                decimal(1).between(0, 100).step(0.01).with("round", false))
                        .output("SAMPLER")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SAMPLER.value(
                                        new EulerAncestral(
                                                in.decimal("eta"), in.decimal("s_noise")))));
    }

    static Node samplerEulerAncestralCFGPP() {
        return new SimpleNode(
                NodeDefinition.of("SamplerEulerAncestralCFGPP", "comfy_extras.nodes_custom_sampler")
                        .displayed("SamplerEulerAncestralCFG++")
                        .category("sampling/custom_sampling/samplers")
                        .required("eta", decimal(1).between(0, 1).step(0.01).with("round", false))
                        .required(
                                "s_noise",
                                decimal(1).between(0, 10).step(0.01).with("round", false))
                        .output("SAMPLER")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SAMPLER.value(
                                        new EulerCfgPlusPlus(
                                                in.decimal("eta"), in.decimal("s_noise")))));
    }

    static Node samplerLMS() {
        return new SimpleNode(
                NodeDefinition.of("SamplerLMS", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/samplers")
                        .required("order", integer(4).between(1, 100))
                        .output("SAMPLER")
                        .build(),
                (in, context) ->
                        Outputs.of(SocketTypes.SAMPLER.value(Samplers.lms(in.integer("order")))));
    }

    static Node samplerDPMPP3MSDE() {
        return new SimpleNode(
                NodeDefinition.of("SamplerDPMPP_3M_SDE", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/samplers")
                        .required("eta", decimal(1).between(0, 100).step(0.01).with("round", false))
                        .required(
                                "s_noise",
                                decimal(1).between(0, 100).step(0.01).with("round", false))
                        .required("noise_device", choice("gpu", "cpu"))
                        .output("SAMPLER")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SAMPLER.value(
                                        new DpmPlusPlusSde(
                                                new DpmPlusPlusSde.Order.Third(),
                                                in.decimal("eta"),
                                                in.decimal("s_noise")))));
    }

    static Node samplerDPMPP2MSDE() {
        return new SimpleNode(
                NodeDefinition.of("SamplerDPMPP_2M_SDE", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/samplers")
                        .required("solver_type", choice("midpoint", "heun"))
                        .required("eta", decimal(1).between(0, 100).step(0.01).with("round", false))
                        .required(
                                "s_noise",
                                decimal(1).between(0, 100).step(0.01).with("round", false))
                        .required("noise_device", choice("gpu", "cpu"))
                        .output("SAMPLER")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SAMPLER.value(
                                        new DpmPlusPlusSde(
                                                new DpmPlusPlusSde.Order.Second(
                                                        in.text("solver_type").equals("heun")),
                                                in.decimal("eta"),
                                                in.decimal("s_noise")))));
    }

    static Node samplerDPMPPSDE() {
        return new SimpleNode(
                NodeDefinition.of("SamplerDPMPP_SDE", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/samplers")
                        .required("eta", decimal(1).between(0, 100).step(0.01).with("round", false))
                        .required(
                                "s_noise",
                                decimal(1).between(0, 100).step(0.01).with("round", false))
                        .required("r", decimal(0.5).between(0, 100).step(0.01).with("round", false))
                        .required("noise_device", choice("gpu", "cpu"))
                        .output("SAMPLER")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SAMPLER.value(
                                        new DpmPlusPlusSde(
                                                new DpmPlusPlusSde.Order.SingleStep(
                                                        in.decimal("r")),
                                                in.decimal("eta"),
                                                in.decimal("s_noise")))));
    }

    static Node samplerDPMPP2SAncestral() {
        return new SimpleNode(
                NodeDefinition.of("SamplerDPMPP_2S_Ancestral", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/samplers")
                        .required("eta", decimal(1).between(0, 100).step(0.01).with("round", false))
                        .required(
                                "s_noise",
                                decimal(1).between(0, 100).step(0.01).with("round", false))
                        .output("SAMPLER")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SAMPLER.value(
                                        new DpmPlusPlus2S(
                                                in.decimal("eta"), in.decimal("s_noise")))));
    }

    static Node samplerDPMAdaptative() {
        return new SimpleNode(
                NodeDefinition.of("SamplerDPMAdaptative", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/samplers")
                        .required("order", integer(3).between(2, 3))
                        .required(
                                "rtol",
                                decimal(0.05).between(0, 100).step(0.01).with("round", false))
                        .required(
                                "atol",
                                decimal(0.0078).between(0, 100).step(0.01).with("round", false))
                        .required(
                                "h_init",
                                decimal(0.05).between(0, 100).step(0.01).with("round", false))
                        .required(
                                "pcoeff",
                                decimal(0).between(0, 100).step(0.01).with("round", false))
                        .required(
                                "icoeff",
                                decimal(1).between(0, 100).step(0.01).with("round", false))
                        .required(
                                "dcoeff",
                                decimal(0).between(0, 100).step(0.01).with("round", false))
                        .required(
                                "accept_safety",
                                decimal(0.81).between(0, 100).step(0.01).with("round", false))
                        .required("eta", decimal(0).between(0, 100).step(0.01).with("round", false))
                        .required(
                                "s_noise",
                                decimal(1).between(0, 100).step(0.01).with("round", false))
                        .output("SAMPLER")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SAMPLER.value(
                                        new DpmSolver.Adaptive(
                                                in.integer("order"),
                                                new DpmSolver.Tolerance(
                                                        in.decimal("rtol"), in.decimal("atol")),
                                                new DpmSolver.Control(
                                                        in.decimal("h_init"),
                                                        in.decimal("pcoeff"),
                                                        in.decimal("icoeff"),
                                                        in.decimal("dcoeff"),
                                                        in.decimal("accept_safety")),
                                                in.decimal("eta"),
                                                in.decimal("s_noise")))));
    }

    static Node samplerERSDE() {
        return new SimpleNode(
                NodeDefinition.of("SamplerER_SDE", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/samplers")
                        .required(
                                "solver_type",
                                choice("ER-SDE", "Reverse-time SDE", "ODE").asNamed())
                        .required("max_stage", integer(3).between(1, 3))
                        .required("eta", decimal(1).between(0, 100).step(0.01).with("round", false))
                        .required(
                                "s_noise",
                                decimal(1).between(0, 100).step(0.01).with("round", false))
                        .output("SAMPLER")
                        .build(),
                (in, context) -> Outputs.of(SocketTypes.SAMPLER.value(reverseSde(in))));
    }

    static Node samplerSASolver() {
        return new SimpleNode(
                NodeDefinition.of("SamplerSASolver", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/samplers")
                        .required("model", link("MODEL").tooltip("Its noise levels are meant."))
                        .required("eta", decimal(1).between(0, 10).step(0.01).with("round", false))
                        .required("sde_start_percent", decimal(0.2).between(0, 1).step(0.001))
                        .required("sde_end_percent", decimal(0.8).between(0, 1).step(0.001))
                        .required(
                                "s_noise",
                                decimal(1).between(0, 100).step(0.01).with("round", false))
                        .required("predictor_order", integer(3).between(1, 6))
                        .required("corrector_order", integer(4).between(0, 6))
                        .required("use_pece", new InputSpec.Flag(InputOptions.of(Json.object())))
                        .required(
                                "simple_order_2",
                                new InputSpec.Flag(InputOptions.of(Json.object())))
                        .output("SAMPLER")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SAMPLER.value(
                                        new SaSolver(
                                                new SaSolver.Orders(
                                                        in.integer("predictor_order"),
                                                        in.integer("corrector_order"),
                                                        in.flag("simple_order_2")),
                                                new SaSolver.Noise(
                                                        in.decimal("sde_start_percent"),
                                                        in.decimal("sde_end_percent"),
                                                        in.decimal("eta"),
                                                        in.decimal("s_noise")),
                                                in.flag("use_pece")))));
    }

    static Node samplerLCMUpscale() {
        return new SimpleNode(
                NodeDefinition.of("SamplerLCMUpscale", "comfy_extras.nodes_advanced_samplers")
                        .displayed(null)
                        .category("sampling/custom_sampling/samplers")
                        .required("scale_ratio", decimal(1).between(0.1, 20).step(0.01))
                        .required("scale_steps", integer(-1).between(-1, 1000).step(1))
                        .required(
                                "upscale_method",
                                choice("bislerp", "nearest-exact", "bilinear", "area", "bicubic"))
                        .output("SAMPLER")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> Outputs.of(SocketTypes.SAMPLER.value(upscaling(in))));
    }

    static Node samplerEulerCFGpp() {
        return new SimpleNode(
                NodeDefinition.of("SamplerEulerCFGpp", "comfy_extras.nodes_advanced_samplers")
                        .displayed("SamplerEulerCFG++")
                        .category("_for_testing")
                        .required("version", choice("regular", "alternative"))
                        .output("SAMPLER")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SAMPLER.value(
                                        in.text("version").equals("alternative")
                                                ? Samplers.eulerPushed()
                                                : new EulerCfgPlusPlus(0, 0))));
    }

    /// Without noise where the way is an ordinary differential equation.
    private static Sampler reverseSde(Inputs in) {
        String kind = in.text("solver_type");
        int stages = in.integer("max_stage");
        if (kind.equals("ER-SDE")) {
            return new ErSde(new ErSde.Scale.Extended(), stages, in.decimal("s_noise"));
        }
        double eta = kind.equals("ODE") ? 0 : in.decimal("eta");
        return new ErSde(new ErSde.Scale.Power(eta), stages, eta == 0 ? 0 : in.decimal("s_noise"));
    }

    private static Sampler upscaling(Inputs in) {
        String method = in.text("upscale_method");
        return new LcmUpscale(
                in.decimal("scale_ratio"),
                in.integer("scale_steps"),
                (latent, width, height) -> resized(latent, method, width, height));
    }

    private static HostTensor resized(HostTensor latent, String method, int width, int height) {
        int batch = (int) latent.size(0);
        int channels = (int) latent.size(1);
        Grid grid =
                Grid.fromPlanar(
                        latent.data(), batch, channels, (int) latent.size(2), (int) latent.size(3));
        return new HostTensor(
                Grids.scaled(grid, method, width, height, false).planar(),
                batch,
                channels,
                height,
                width);
    }
}
