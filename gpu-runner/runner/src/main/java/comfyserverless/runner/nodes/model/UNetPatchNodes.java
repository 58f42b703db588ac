package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.flag;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.diffusion.guidance.AttentionFactors;
import comfyserverless.diffusion.guidance.Downscaling;
import comfyserverless.diffusion.guidance.FreeU;
import comfyserverless.diffusion.guidance.PerturbedAttention;
import comfyserverless.diffusion.guidance.SelfAttention;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.ModelSampling;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import java.util.List;

/// The nodes that change what happens inside a UNet (nodes_freelunch, nodes_pag, nodes_sag, nodes_attention_multiply,
/// nodes_model_downscale, ComfyUI 0.3.64).
public final class UNetPatchNodes {
    private UNetPatchNodes() {}

    public static List<Node> all() {
        return List.of(
                freeU(),
                freeUV2(),
                patchModelAddDownscale(),
                perturbedAttentionGuidance(),
                selfAttentionGuidance(),
                uNetSelfAttentionMultiply(),
                uNetCrossAttentionMultiply(),
                uNetTemporalAttentionMultiply());
    }

    static Node freeU() {
        return new SimpleNode(
                NodeDefinition.of("FreeU", "comfy_extras.nodes_freelunch")
                        .category("model_patches/unet")
                        .required("model", link("MODEL"))
                        .required("b1", decimal(1.1).between(0, 10).step(0.01))
                        .required("b2", decimal(1.2).between(0, 10).step(0.01))
                        .required("s1", decimal(0.9).between(0, 10).step(0.01))
                        .required("s2", decimal(0.2).between(0, 10).step(0.01))
                        .output("MODEL")
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                new FreeU(
                                        in.decimal("b1"),
                                        in.decimal("b2"),
                                        in.decimal("s1"),
                                        in.decimal("s2"),
                                        false)));
    }

    static Node freeUV2() {
        return new SimpleNode(
                NodeDefinition.of("FreeU_V2", "comfy_extras.nodes_freelunch")
                        .category("model_patches/unet")
                        .required("model", link("MODEL"))
                        .required("b1", decimal(1.3).between(0, 10).step(0.01))
                        .required("b2", decimal(1.4).between(0, 10).step(0.01))
                        .required("s1", decimal(0.9).between(0, 10).step(0.01))
                        .required("s2", decimal(0.2).between(0, 10).step(0.01))
                        .output("MODEL")
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                new FreeU(
                                        in.decimal("b1"),
                                        in.decimal("b2"),
                                        in.decimal("s1"),
                                        in.decimal("s2"),
                                        true)));
    }

    static Node patchModelAddDownscale() {
        return new SimpleNode(
                NodeDefinition.of("PatchModelAddDownscale", "comfy_extras.nodes_model_downscale")
                        .displayed("PatchModelAddDownscale (Kohya Deep Shrink)")
                        .category("model_patches/unet")
                        .required("model", link("MODEL"))
                        .required("block_number", integer(3).between(1, 32).step(1))
                        .required("downscale_factor", decimal(2).between(0.1, 9).step(0.001))
                        .required("start_percent", decimal(0).between(0, 1).step(0.001))
                        .required("end_percent", decimal(0.35).between(0, 1).step(0.001))
                        .required("downscale_after_skip", flag(true))
                        .required(
                                "downscale_method",
                                choice("bicubic", "nearest-exact", "bilinear", "area", "bislerp"))
                        .required(
                                "upscale_method",
                                choice("bicubic", "nearest-exact", "bilinear", "area", "bislerp"))
                        .output("MODEL")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> patched(in, downscaling(in)));
    }

    static Node perturbedAttentionGuidance() {
        return new SimpleNode(
                NodeDefinition.of("PerturbedAttentionGuidance", "comfy_extras.nodes_pag")
                        .displayed(null)
                        .category("model_patches/unet")
                        .required("model", link("MODEL"))
                        .required("scale", decimal(3).between(0, 100).step(0.01).round(0.01))
                        .output("MODEL")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> patched(in, new PerturbedAttention(in.decimal("scale"))));
    }

    static Node selfAttentionGuidance() {
        return new SimpleNode(
                NodeDefinition.of("SelfAttentionGuidance", "comfy_extras.nodes_sag")
                        .displayed("Self-Attention Guidance")
                        .category("_for_testing")
                        .required("model", link("MODEL"))
                        .required("scale", decimal(0.5).between(-2, 5).step(0.01))
                        .required("blur_sigma", decimal(2).between(0, 10).step(0.1))
                        .output("MODEL")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                new SelfAttention(in.decimal("scale"), in.decimal("blur_sigma"))));
    }

    static Node uNetSelfAttentionMultiply() {
        return new SimpleNode(
                NodeDefinition.of(
                                "UNetSelfAttentionMultiply",
                                "comfy_extras.nodes_attention_multiply")
                        .displayed(null)
                        .category("_for_testing/attention_experiments")
                        .required("model", link("MODEL"))
                        .required("q", decimal(1).between(0, 10).step(0.01))
                        .required("k", decimal(1).between(0, 10).step(0.01))
                        .required("v", decimal(1).between(0, 10).step(0.01))
                        .required("out", decimal(1).between(0, 10).step(0.01))
                        .output("MODEL")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                new AttentionFactors(
                                        false,
                                        in.decimal("q"),
                                        in.decimal("k"),
                                        in.decimal("v"),
                                        in.decimal("out"))));
    }

    static Node uNetCrossAttentionMultiply() {
        return new SimpleNode(
                NodeDefinition.of(
                                "UNetCrossAttentionMultiply",
                                "comfy_extras.nodes_attention_multiply")
                        .displayed(null)
                        .category("_for_testing/attention_experiments")
                        .required("model", link("MODEL"))
                        .required("q", decimal(1).between(0, 10).step(0.01))
                        .required("k", decimal(1).between(0, 10).step(0.01))
                        .required("v", decimal(1).between(0, 10).step(0.01))
                        .required("out", decimal(1).between(0, 10).step(0.01))
                        .output("MODEL")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                new AttentionFactors(
                                        true,
                                        in.decimal("q"),
                                        in.decimal("k"),
                                        in.decimal("v"),
                                        in.decimal("out"))));
    }

    static Node uNetTemporalAttentionMultiply() {
        return new SimpleNode(
                NodeDefinition.of(
                                "UNetTemporalAttentionMultiply",
                                "comfy_extras.nodes_attention_multiply")
                        .displayed(null)
                        .category("_for_testing/attention_experiments")
                        .required("model", link("MODEL"))
                        .required("self_structural", decimal(1).between(0, 10).step(0.01))
                        .required("self_temporal", decimal(1).between(0, 10).step(0.01))
                        .required("cross_structural", decimal(1).between(0, 10).step(0.01))
                        .required("cross_temporal", decimal(1).between(0, 10).step(0.01))
                        .output("MODEL")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                new AttentionFactors(false, 1, 1, 1, in.decimal("self_structural")),
                                new AttentionFactors(
                                        true, 1, 1, 1, in.decimal("cross_structural"))));
    }

    private static Outputs patched(Inputs in, ModelPatch... patches) {
        ModelHandle.Network model = in.handle("model", ModelHandle.Network.class);
        for (ModelPatch patch : patches) {
            model = model.with(patch);
        }
        return Outputs.of(model.value());
    }

    private static Downscaling downscaling(Inputs in) {
        ModelSampling model =
                in.handle("model", ModelHandle.Network.class).use(NoiseModel::sampling);
        Downscaling.Levels when =
                new Downscaling.Levels(
                        model.percentToSigma(in.decimal("start_percent")),
                        model.percentToSigma(in.decimal("end_percent")));
        return new Downscaling(
                in.integer("block_number"),
                in.decimal("downscale_factor"),
                when,
                in.flag("downscale_after_skip"),
                in.text("downscale_method"),
                in.text("upscale_method"));
    }
}
