package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.integer;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Pictures of one colour (0xRRGGBB).
public final class EmptyImage implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("EmptyImage", "nodes")
                .category("image")
                .required("width", integer(512).between(1, 16384).step(1))
                .required("height", integer(512).between(1, 16384).step(1))
                .required("batch_size", integer(1).between(1, 4096))
                .required("color", integer(0).between(0, 0xFFFFFF).step(1).display("color"))
                .output("IMAGE")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        int colour = in.integer("color");
        float[] rgb = {
            (colour >> 16 & 255) / 255f, (colour >> 8 & 255) / 255f, (colour & 255) / 255f
        };
        Image image =
                Image.black(in.integer("batch_size"), in.integer("height"), in.integer("width"));
        float[] data = image.data();
        for (int i = 0; i < data.length; i++) {
            data[i] = rgb[i % 3];
        }
        return Outputs.of(image);
    }
}
