package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.diffusion.guidance.CfgNorm;
import comfyserverless.diffusion.guidance.CfgZeroStar;
import comfyserverless.diffusion.guidance.EpsilonScaling;
import comfyserverless.diffusion.guidance.FrequencyScaling;
import comfyserverless.diffusion.guidance.GrowingMask;
import comfyserverless.diffusion.guidance.Mahiro;
import comfyserverless.diffusion.guidance.PerpendicularNegative;
import comfyserverless.diffusion.guidance.ProjectedGuidance;
import comfyserverless.diffusion.guidance.RenormalizedGuidance;
import comfyserverless.diffusion.guidance.RescaledGuidance;
import comfyserverless.diffusion.guidance.TangentialDamping;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import comfyserverless.runner.nodes.conditioning.Prompts;
import java.util.List;

/// The nodes that change how prompts lead a model (comfy_extras, ComfyUI 0.3.64).
public final class GuidanceNodes {
    private GuidanceNodes() {}

    public static List<Node> all() {
        return List.of(
                rescaleCFG(),
                perpNeg(),
                differentialDiffusion(),
                mahiro(),
                renormCFG(),
                cfgZeroStar(),
                cfgNorm(),
                apg(),
                freSca(),
                tcfg(),
                epsilonScaling());
    }

    static Node rescaleCFG() {
        return new SimpleNode(
                NodeDefinition.of("RescaleCFG", "comfy_extras.nodes_model_advanced")
                        .category("advanced/model")
                        .required("model", link("MODEL"))
                        .required("multiplier", decimal(0.7).between(0, 1).step(0.01))
                        .output("MODEL")
                        .build(),
                (in, context) -> patched(in, new RescaledGuidance(in.decimal("multiplier"))));
    }

    static Node perpNeg() {
        return new SimpleNode(
                NodeDefinition.of("PerpNeg", "comfy_extras.nodes_perpneg")
                        .displayed("Perp-Neg (DEPRECATED by PerpNegGuider)")
                        .category("_for_testing")
                        .required("model", link("MODEL"))
                        .required("empty_conditioning", link("CONDITIONING"))
                        .required("neg_scale", decimal(1).between(0, 100).step(0.01))
                        .output("MODEL")
                        .trait(Trait.DEPRECATED)
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                new PerpendicularNegative(
                                        in.handle("empty_conditioning", Prompts.class).all(),
                                        in.decimal("neg_scale"))));
    }

    static Node differentialDiffusion() {
        return new SimpleNode(
                NodeDefinition.of(
                                "DifferentialDiffusion",
                                "comfy_extras.nodes_differential_diffusion")
                        .displayed("Differential Diffusion")
                        .category("_for_testing")
                        .required("model", link("MODEL"))
                        .optional("strength", decimal(1).between(0, 1).step(0.01))
                        .output("MODEL")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                new GrowingMask(in.has("strength") ? in.decimal("strength") : 1)));
    }

    static Node mahiro() {
        return new SimpleNode(
                NodeDefinition.of("Mahiro", "comfy_extras.nodes_mahiro")
                        .displayed(
                                "Mahiro is so cute that she deserves a better guidance function!! (。・ω・。)")
                        .category("_for_testing")
                        .required("model", link("MODEL"))
                        .output("MODEL", "patched_model")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> patched(in, new Mahiro()));
    }

    static Node renormCFG() {
        return new SimpleNode(
                NodeDefinition.of("RenormCFG", "comfy_extras.nodes_lumina2")
                        .displayed(null)
                        .category("advanced/model")
                        .required("model", link("MODEL"))
                        .required("cfg_trunc", decimal(100).between(0, 100).step(0.01))
                        .required("renorm_cfg", decimal(1).between(0, 100).step(0.01))
                        .output("MODEL")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                new RenormalizedGuidance(
                                        in.decimal("cfg_trunc"), in.decimal("renorm_cfg"))));
    }

    static Node cfgZeroStar() {
        return new SimpleNode(
                NodeDefinition.of("CFGZeroStar", "comfy_extras.nodes_cfg")
                        .displayed(null)
                        .category("advanced/guidance")
                        .required("model", link("MODEL"))
                        .output("MODEL", "patched_model")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> patched(in, new CfgZeroStar()));
    }

    static Node cfgNorm() {
        return new SimpleNode(
                NodeDefinition.of("CFGNorm", "comfy_extras.nodes_cfg")
                        .displayed(null)
                        .category("advanced/guidance")
                        .required("model", link("MODEL"))
                        .required("strength", decimal(1).between(0, 100).step(0.01))
                        .output("MODEL", "patched_model")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> patched(in, new CfgNorm(in.decimal("strength"))));
    }

    static Node apg() {
        return new SimpleNode(
                NodeDefinition.of("APG", "comfy_extras.nodes_apg")
                        .displayed("Adaptive Projected Guidance")
                        .category("sampling/custom_sampling")
                        .required("model", link("MODEL"))
                        .required("eta", decimal(1).between(-10, 10).step(0.01))
                        .required("norm_threshold", decimal(5).between(0, 50).step(0.1))
                        .required("momentum", decimal(0).between(-5, 1).step(0.01))
                        .output("MODEL")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                new ProjectedGuidance(
                                        in.decimal("eta"),
                                        in.decimal("norm_threshold"),
                                        in.decimal("momentum"))));
    }

    static Node freSca() {
        return new SimpleNode(
                NodeDefinition.of("FreSca", "comfy_extras.nodes_fresca")
                        .category("_for_testing")
                        .required("model", link("MODEL"))
                        .required("scale_low", decimal(1).between(0, 10).step(0.01))
                        .required("scale_high", decimal(1.25).between(0, 10).step(0.01))
                        .required("freq_cutoff", integer(20).between(1, 10000).step(1))
                        .output("MODEL")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                new FrequencyScaling(
                                        in.decimal("scale_low"),
                                        in.decimal("scale_high"),
                                        in.integer("freq_cutoff"))));
    }

    static Node tcfg() {
        return new SimpleNode(
                NodeDefinition.of("TCFG", "comfy_extras.nodes_tcfg")
                        .displayed("Tangential Damping CFG")
                        .category("advanced/guidance")
                        .required("model", link("MODEL"))
                        .output("MODEL", "patched_model")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> patched(in, new TangentialDamping()));
    }

    static Node epsilonScaling() {
        return new SimpleNode(
                NodeDefinition.of("Epsilon Scaling", "comfy_extras.nodes_eps")
                        .displayed(null)
                        .category("model_patches/unet")
                        .required("model", link("MODEL"))
                        .required(
                                "scaling_factor",
                                decimal(1.005)
                                        .between(0.5, 1.5)
                                        .step(0.001)
                                        .with("display", "number"))
                        .output("MODEL")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> patched(in, new EpsilonScaling(in.decimal("scaling_factor"))));
    }

    private static Outputs patched(Inputs in, ModelPatch patch) {
        return Outputs.of(in.handle("model", ModelHandle.Network.class).with(patch).value());
    }
}
