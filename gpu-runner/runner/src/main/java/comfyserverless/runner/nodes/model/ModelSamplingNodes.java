package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.flag;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.sampling.ContinuousSampling;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.Prediction;
import comfyserverless.diffusion.sampling.Relevelled;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import java.util.List;

/// The nodes that number a model's noise levels in another way (nodes_model_advanced, ComfyUI 0.3.64).
public final class ModelSamplingNodes {
    private ModelSamplingNodes() {}

    public static List<Node> all() {
        return List.of(
                modelSamplingDiscrete(),
                modelSamplingContinuousEDM(),
                modelSamplingContinuousV(),
                modelSamplingSD3(),
                modelSamplingAuraFlow(),
                modelSamplingFlux());
    }

    static Node modelSamplingDiscrete() {
        return new SimpleNode(
                NodeDefinition.of("ModelSamplingDiscrete", "comfy_extras.nodes_model_advanced")
                        .category("advanced/model")
                        .required("model", link("MODEL"))
                        .required(
                                "sampling",
                                choice("eps", "v_prediction", "lcm", "x0", "img_to_img"))
                        .required("zsnr", flag(false))
                        .output("MODEL")
                        .build(),
                (in, context) -> patched(in, discrete(in.text("sampling"), in.flag("zsnr"))));
    }

    static Node modelSamplingContinuousEDM() {
        return new SimpleNode(
                NodeDefinition.of("ModelSamplingContinuousEDM", "comfy_extras.nodes_model_advanced")
                        .category("advanced/model")
                        .required("model", link("MODEL"))
                        .required(
                                "sampling",
                                choice(
                                        "v_prediction",
                                        "edm",
                                        "edm_playground_v2.5",
                                        "eps",
                                        "cosmos_rflow"))
                        .required(
                                "sigma_max",
                                decimal(120).between(0, 1000).step(0.001).with("round", false))
                        .required(
                                "sigma_min",
                                decimal(0.002).between(0, 1000).step(0.001).with("round", false))
                        .output("MODEL")
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                continuous(
                                        in.text("sampling"),
                                        in.decimal("sigma_min"),
                                        in.decimal("sigma_max"))));
    }

    static Node modelSamplingContinuousV() {
        return new SimpleNode(
                NodeDefinition.of("ModelSamplingContinuousV", "comfy_extras.nodes_model_advanced")
                        .category("advanced/model")
                        .required("model", link("MODEL"))
                        .required("sampling", choice("v_prediction"))
                        .required(
                                "sigma_max",
                                decimal(500).between(0, 1000).step(0.001).with("round", false))
                        .required(
                                "sigma_min",
                                decimal(0.03).between(0, 1000).step(0.001).with("round", false))
                        .output("MODEL")
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                new Relevelled.Told(
                                        Prediction.V,
                                        in.decimal("sigma_min"),
                                        in.decimal("sigma_max"),
                                        ContinuousSampling.Clock.ANGLE)));
    }

    static Node modelSamplingSD3() {
        return new SimpleNode(
                NodeDefinition.of("ModelSamplingSD3", "comfy_extras.nodes_model_advanced")
                        .category("advanced/model")
                        .required("model", link("MODEL"))
                        .required("shift", decimal(3).between(0, 100).step(0.01))
                        .output("MODEL")
                        .build(),
                (in, context) -> patched(in, new Relevelled.Shifted(in.decimal("shift"), 1000)));
    }

    static Node modelSamplingAuraFlow() {
        return new SimpleNode(
                NodeDefinition.of("ModelSamplingAuraFlow", "comfy_extras.nodes_model_advanced")
                        .category("advanced/model")
                        .required("model", link("MODEL"))
                        .required("shift", decimal(1.73).between(0, 100).step(0.01))
                        .output("MODEL")
                        .build(),
                (in, context) -> patched(in, new Relevelled.Shifted(in.decimal("shift"), 1)));
    }

    static Node modelSamplingFlux() {
        return new SimpleNode(
                NodeDefinition.of("ModelSamplingFlux", "comfy_extras.nodes_model_advanced")
                        .category("advanced/model")
                        .required("model", link("MODEL"))
                        .required("max_shift", decimal(1.15).between(0, 100).step(0.01))
                        .required("base_shift", decimal(0.5).between(0, 100).step(0.01))
                        .required("width", integer(1024).between(16, 16384).step(8))
                        .required("height", integer(1024).between(16, 16384).step(8))
                        .output("MODEL")
                        .build(),
                (in, context) ->
                        patched(
                                in,
                                Relevelled.Flux.of(
                                        in.decimal("max_shift"),
                                        in.decimal("base_shift"),
                                        in.integer("width"),
                                        in.integer("height"))));
    }

    private static Outputs patched(Inputs in, ModelPatch patch) {
        return Outputs.of(in.handle("model", ModelHandle.Network.class).with(patch).value());
    }

    private static ModelPatch discrete(String kind, boolean zeroTerminal) {
        return switch (kind) {
            case "eps" -> new Relevelled.Discrete(Prediction.EPSILON, zeroTerminal);
            case "v_prediction" -> new Relevelled.Discrete(Prediction.V, zeroTerminal);
            case "x0" -> new Relevelled.Discrete(Prediction.X0, zeroTerminal);
            case "img_to_img" -> new Relevelled.Discrete(Prediction.IMAGE, zeroTerminal);
            case "lcm" -> new Relevelled.LatentConsistency(zeroTerminal);
            default -> throw new NodeException("ValueError", "no sampling " + kind);
        };
    }

    private static ModelPatch continuous(String kind, double min, double max) {
        return switch (kind) {
            case "eps" -> new Relevelled.Continuous(Prediction.EPSILON, min, max, 1);
            case "v_prediction" -> new Relevelled.Continuous(Prediction.V, min, max, 1);
            case "edm" -> new Relevelled.Continuous(Prediction.EDM, min, max, 0.5);
            case "edm_playground_v2.5" -> new Relevelled.Playground(min, max);
            case "cosmos_rflow" ->
                    new Relevelled.Told(
                            Prediction.UNBOUNDED_FLOW, min, max, ContinuousSampling.Clock.SHARE);
            default -> throw new NodeException("ValueError", "no sampling " + kind);
        };
    }
}
