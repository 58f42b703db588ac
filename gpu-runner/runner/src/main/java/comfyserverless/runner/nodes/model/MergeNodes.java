package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.adapter.MergeRatios;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The nodes that mix the weights of two models (nodes_model_merging, nodes_model_merging_model_specific, ComfyUI
/// 0.3.64).
public final class MergeNodes {
    private static final String MODULE = "comfy_extras.nodes_model_merging";
    private static final String CATEGORY = "advanced/model_merging";

    private MergeNodes() {}

    public static List<Node> all() {
        return List.of(
                modelMergeSimple(),
                blocks("ModelMergeBlocks", MODULE, CATEGORY, List.of("input", "middle", "out")),
                modelMergeSubtract(),
                modelMergeAdd(),
                specific("ModelMergeSD1", unet(12, ".")),
                specific("ModelMergeSD2", unet(12, ".")),
                specific("ModelMergeSDXL", unet(9, "")),
                specific("ModelMergeSD3_2B", joint(24)),
                specific("ModelMergeSD35_Large", joint(38)),
                specific("ModelMergeFlux1", flux()),
                clipMergeSimple());
    }

    private static Node modelMergeSimple() {
        return new SimpleNode(
                definition("ModelMergeSimple", MODULE, CATEGORY)
                        .required("ratio", share())
                        .output("MODEL")
                        .build(),
                (in, context) ->
                        merged(in, MergeRatios.all(MergeRatios.Mix.share(in.decimal("ratio")))));
    }

    private static Node modelMergeSubtract() {
        return new SimpleNode(
                definition("ModelMergeSubtract", MODULE, CATEGORY)
                        .required("multiplier", factor())
                        .output("MODEL")
                        .build(),
                (in, context) -> {
                    double factor = in.decimal("multiplier");
                    return merged(in, MergeRatios.all(new MergeRatios.Mix(factor, -factor)));
                });
    }

    private static Node modelMergeAdd() {
        return new SimpleNode(
                definition("ModelMergeAdd", MODULE, CATEGORY).output("MODEL").build(),
                (in, context) -> merged(in, MergeRatios.all(new MergeRatios.Mix(1, 1))));
    }

    private static Node specific(String className, List<String> beginnings) {
        return blocks(
                className,
                "comfy_extras.nodes_model_merging_model_specific",
                CATEGORY + "/model_specific",
                beginnings);
    }

    /// A ratio for each beginning of weights' names; weights with another one go by the first.
    private static Node blocks(
            String className, String module, String category, List<String> beginnings) {
        NodeDefinition.Builder definition = definition(className, module, category);
        beginnings.forEach(beginning -> definition.required(beginning, share()));
        return new SimpleNode(
                definition.output("MODEL").build(),
                (in, context) -> {
                    Map<String, MergeRatios.Mix> mixes = new LinkedHashMap<>();
                    for (String beginning : beginnings) {
                        mixes.put(beginning, MergeRatios.Mix.share(in.decimal(beginning)));
                    }
                    MergeRatios.Mix first =
                            MergeRatios.Mix.share(in.decimal(beginnings.getFirst()));
                    return merged(in, new MergeRatios(first, mixes));
                });
    }

    private static NodeDefinition.Builder definition(
            String className, String module, String category) {
        return NodeDefinition.of(className, module)
                .category(category)
                .required("model1", link("MODEL"))
                .required("model2", link("MODEL"));
    }

    private static InputSpec share() {
        return decimal(1).between(0, 1).step(0.01);
    }

    private static InputSpec factor() {
        return decimal(1).between(-10, 10).step(0.01);
    }

    private static Node clipMergeSimple() {
        return new SimpleNode(
                NodeDefinition.of("CLIPMergeSimple", MODULE)
                        .category(CATEGORY)
                        .required("clip1", link("CLIP"))
                        .required("clip2", link("CLIP"))
                        .required("ratio", share())
                        .output("CLIP")
                        .build(),
                (in, context) -> mergedClips(in, MergeRatios.Mix.share(in.decimal("ratio"))));
    }

    private static Outputs mergedClips(Inputs in, MergeRatios.Mix mix) {
        ModelHandle.Encoder first = in.handle("clip1", ModelHandle.Encoder.class);
        ModelHandle.Encoder second = in.handle("clip2", ModelHandle.Encoder.class);
        return Outputs.of(first.with(new WeightPlan.Merged(second, MergeRatios.all(mix))).value());
    }

    private static Outputs merged(Inputs in, MergeRatios ratios) {
        ModelHandle.Network first = in.handle("model1", ModelHandle.Network.class);
        ModelHandle.Network second = in.handle("model2", ModelHandle.Network.class);
        return Outputs.of(first.with(new WeightPlan.Merged(second, ratios)).value());
    }

    private static List<String> unet(int blocks, String end) {
        List<String> names = new ArrayList<>(List.of("time_embed.", "label_emb."));
        numbered(names, "input_blocks.", blocks, end);
        numbered(names, "middle_block.", 3, end);
        numbered(names, "output_blocks.", blocks, end);
        names.add("out.");
        return names;
    }

    private static List<String> joint(int blocks) {
        List<String> names =
                new ArrayList<>(
                        List.of(
                                "pos_embed.",
                                "x_embedder.",
                                "context_embedder.",
                                "y_embedder.",
                                "t_embedder."));
        numbered(names, "joint_blocks.", blocks, ".");
        names.add("final_layer.");
        return names;
    }

    private static List<String> flux() {
        List<String> names =
                new ArrayList<>(
                        List.of("img_in.", "time_in.", "guidance_in", "vector_in.", "txt_in."));
        numbered(names, "double_blocks.", 19, ".");
        numbered(names, "single_blocks.", 38, ".");
        names.add("final_layer.");
        return names;
    }

    private static void numbered(List<String> names, String beginning, int count, String end) {
        for (int i = 0; i < count; i++) {
            names.add(beginning + i + end);
        }
    }
}
