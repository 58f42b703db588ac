package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// The negative of a picture.
public final class ImageInvert implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ImageInvert", "nodes")
                .displayed("Invert Image")
                .category("image")
                .required("image", link("IMAGE"))
                .output("IMAGE")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image image = in.image("image");
        float[] inverted = new float[image.data().length];
        for (int i = 0; i < inverted.length; i++) {
            inverted[i] = 1f - image.data()[i];
        }
        return Outputs.of(
                new Image(
                        inverted, image.batch(), image.height(), image.width(), image.channels()));
    }
}
