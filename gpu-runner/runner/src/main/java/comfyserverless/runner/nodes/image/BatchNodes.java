package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import com.fasterxml.jackson.databind.node.IntNode;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Output;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.nodes.SimpleNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// The nodes that repeat, pick and regroup the pictures of batches.
public final class BatchNodes {
    private BatchNodes() {}

    public static Node repeatImageBatch() {
        return new SimpleNode(
                NodeDefinition.of("RepeatImageBatch", "comfy_extras.nodes_images")
                        .category("image/batch")
                        .required("image", link("IMAGE"))
                        .required("amount", integer(1).between(1, 4096))
                        .output("IMAGE")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                Batches.joined(
                                        Collections.nCopies(
                                                in.integer("amount"), in.image("image")))));
    }

    public static Node imageFromBatch() {
        return new SimpleNode(
                NodeDefinition.of("ImageFromBatch", "comfy_extras.nodes_images")
                        .category("image/batch")
                        .required("image", link("IMAGE"))
                        .required("batch_index", integer(0).between(0, 4095))
                        .required("length", integer(1).between(1, 4096))
                        .output("IMAGE")
                        .build(),
                (in, context) -> Outputs.of(picked(in)));
    }

    private static Image picked(Inputs in) {
        Image image = in.image("image");
        int from = Math.min(image.batch() - 1, in.integer("batch_index"));
        int count = Math.min(image.batch() - from, in.integer("length"));
        return Batches.part(image, from, from + count);
    }

    public static Node rebatchImages() {
        return new SimpleNode(
                NodeDefinition.of("RebatchImages", "comfy_extras.nodes_rebatch")
                        .displayed("Rebatch Images")
                        .category("image/batch")
                        .required("images", link("IMAGE"))
                        .required("batch_size", integer(1).between(1, 4096))
                        .output(new Output("IMAGE", "IMAGE", true, null))
                        .trait(Trait.INPUT_IS_LIST)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> Outputs.of(new Value.Many(rebatched(in))));
    }

    /// All pictures of the list in batches of one size; the last one takes what is left.
    private static List<Value> rebatched(Inputs in) {
        List<Image> single = new ArrayList<>();
        for (Value value : in.many("images")) {
            Image image = (Image) value;
            for (int i = 0; i < image.batch(); i++) {
                single.add(Batches.part(image, i, i + 1));
            }
        }
        int size = sizeOf(in);
        List<Value> batches = new ArrayList<>();
        for (int i = 0; i < single.size(); i += size) {
            batches.add(Batches.joined(single.subList(i, Math.min(i + size, single.size()))));
        }
        return batches;
    }

    private static int sizeOf(Inputs in) {
        return new Inputs(Map.of("batch_size", in.many("batch_size").getFirst()))
                .integer("batch_size");
    }

    public static Node getImageSize() {
        return new SimpleNode(
                NodeDefinition.of("GetImageSize", "comfy_extras.nodes_images")
                        .displayed("Get Image Size")
                        .category("image")
                        .required("image", link("IMAGE"))
                        .hidden("unique_id", Hidden.UNIQUE_ID)
                        .output("INT", "width")
                        .output("INT", "height")
                        .output("INT", "batch_size")
                        .build(),
                (in, context) -> {
                    Image image = in.image("image");
                    context.text(
                            "width: "
                                    + image.width()
                                    + ", height: "
                                    + image.height()
                                    + "\n batch size: "
                                    + image.batch());
                    return Outputs.of(
                            number(image.width()), number(image.height()), number(image.batch()));
                });
    }

    private static Value number(int value) {
        return new Value.Json(IntNode.valueOf(value));
    }
}
