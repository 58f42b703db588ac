package comfyserverless.runner.nodes.sampling;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.diffusion.sampling.Guider;
import comfyserverless.diffusion.sampling.StartNoise;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import comfyserverless.runner.nodes.conditioning.Prompts;
import comfyserverless.runner.nodes.model.ModelHandle;
import java.util.List;

/// The nodes that say how prompts lead a run, and what noise it begins with (nodes_custom_sampler, nodes_perpneg, ComfyUI
/// 0.3.64).
public final class GuiderNodes {
    private GuiderNodes() {}

    public static List<Node> all() {
        return List.of(
                basicGuider(),
                cfgGuider(),
                dualCFGGuider(),
                perpNegGuider(),
                randomNoise(),
                disableNoise());
    }

    static Node basicGuider() {
        return new SimpleNode(
                NodeDefinition.of("BasicGuider", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/guiders")
                        .required("model", link("MODEL"))
                        .required("conditioning", link("CONDITIONING"))
                        .output("GUIDER")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.GUIDER.value(
                                        new LedModel(
                                                in.handle("model", ModelHandle.Network.class),
                                                new Guider.Unguided(
                                                        in.handle("conditioning", Prompts.class)
                                                                .all())))));
    }

    static Node cfgGuider() {
        return new SimpleNode(
                NodeDefinition.of("CFGGuider", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/guiders")
                        .required("model", link("MODEL"))
                        .required("positive", link("CONDITIONING"))
                        .required("negative", link("CONDITIONING"))
                        .required("cfg", decimal(8).between(0, 100).step(0.1).round(0.01))
                        .output("GUIDER")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.GUIDER.value(
                                        new LedModel(
                                                in.handle("model", ModelHandle.Network.class),
                                                new Guider.ClassifierFree(
                                                        in.handle("positive", Prompts.class).all(),
                                                        in.handle("negative", Prompts.class).all(),
                                                        in.decimal("cfg"))))));
    }

    static Node dualCFGGuider() {
        return new SimpleNode(
                NodeDefinition.of("DualCFGGuider", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/guiders")
                        .required("model", link("MODEL"))
                        .required("cond1", link("CONDITIONING"))
                        .required("cond2", link("CONDITIONING"))
                        .required("negative", link("CONDITIONING"))
                        .required("cfg_conds", decimal(8).between(0, 100).step(0.1).round(0.01))
                        .required(
                                "cfg_cond2_negative",
                                decimal(8).between(0, 100).step(0.1).round(0.01))
                        .required("style", choice("regular", "nested"))
                        .output("GUIDER")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.GUIDER.value(
                                        new LedModel(
                                                in.handle("model", ModelHandle.Network.class),
                                                new Guider.Dual(
                                                        in.handle("cond1", Prompts.class).all(),
                                                        in.handle("cond2", Prompts.class).all(),
                                                        in.handle("negative", Prompts.class).all(),
                                                        in.decimal("cfg_conds"),
                                                        in.decimal("cfg_cond2_negative"),
                                                        in.text("style").equals("nested"))))));
    }

    static Node perpNegGuider() {
        return new SimpleNode(
                NodeDefinition.of("PerpNegGuider", "comfy_extras.nodes_perpneg")
                        .displayed(null)
                        .category("_for_testing")
                        .required("model", link("MODEL"))
                        .required("positive", link("CONDITIONING"))
                        .required("negative", link("CONDITIONING"))
                        .required("empty_conditioning", link("CONDITIONING"))
                        .required("cfg", decimal(8).between(0, 100).step(0.1).round(0.01))
                        .required("neg_scale", decimal(1).between(0, 100).step(0.01))
                        .output("GUIDER")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.GUIDER.value(
                                        new LedModel(
                                                in.handle("model", ModelHandle.Network.class),
                                                new Guider.Perpendicular(
                                                        in.handle("positive", Prompts.class).all(),
                                                        in.handle("negative", Prompts.class).all(),
                                                        in.handle(
                                                                        "empty_conditioning",
                                                                        Prompts.class)
                                                                .all(),
                                                        in.decimal("cfg"),
                                                        in.decimal("neg_scale"))))));
    }

    static Node randomNoise() {
        return new SimpleNode(
                NodeDefinition.of("RandomNoise", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/noise")
                        .required("noise_seed", SamplerInputs.seed())
                        .output("NOISE")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.NOISE.value(
                                        StartNoise.random(in.whole("noise_seed")))));
    }

    static Node disableNoise() {
        return new SimpleNode(
                NodeDefinition.of("DisableNoise", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/noise")
                        .output("NOISE")
                        .build(),
                (in, context) -> Outputs.of(SocketTypes.NOISE.value(StartNoise.none())));
    }
}
