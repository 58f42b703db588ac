package comfyserverless.runner.nodes.mask;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// A mask as a grey picture.
public final class MaskToImage implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("MaskToImage", "comfy_extras.nodes_mask")
                .displayed("Convert Mask to Image")
                .category("mask")
                .required("mask", link("MASK"))
                .output("IMAGE")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Mask mask = in.mask("mask");
        Image image = Image.black(mask.batch(), mask.height(), mask.width());
        for (int i = 0; i < image.data().length; i++) {
            image.data()[i] = mask.data()[i / 3];
        }
        return Outputs.of(image);
    }
}
