package comfyserverless.runner.nodes.mask;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import java.util.List;

/// One channel of a picture as a mask.
public final class ImageToMask implements Node {
    private static final List<String> CHANNELS = List.of("red", "green", "blue", "alpha");

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ImageToMask", "comfy_extras.nodes_mask")
                .displayed("Convert Image to Mask")
                .category("mask")
                .required("image", link("IMAGE"))
                .required("channel", choice(CHANNELS))
                .output("MASK")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image image = in.image("image");
        int channel = CHANNELS.indexOf(in.text("channel"));
        if (channel < 0 || channel >= image.channels()) {
            throw new NodeException(
                    "IndexError",
                    "a picture of " + image.channels() + " channels has no " + in.text("channel"));
        }
        Mask mask = Mask.filled(image.batch(), image.height(), image.width(), 0);
        for (int i = 0; i < mask.data().length; i++) {
            mask.data()[i] = image.data()[i * image.channels() + channel];
        }
        return Outputs.of(mask);
    }
}
