package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Scales pictures to a size; a width or height of 0 follows from the other.
public final class ImageScale implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ImageScale", "nodes")
                .displayed("Upscale Image")
                .category("image/upscaling")
                .required("image", link("IMAGE"))
                .required(
                        "upscale_method",
                        choice("nearest-exact", "bilinear", "area", "bicubic", "lanczos"))
                .required("width", integer(512).between(0, 16384).step(1))
                .required("height", integer(512).between(0, 16384).step(1))
                .required("crop", choice("disabled", "center"))
                .output("IMAGE")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image image = in.image("image");
        int width = in.integer("width");
        int height = in.integer("height");
        if (width == 0 && height == 0) {
            return Outputs.of(image);
        }
        if (width == 0) {
            width = follows(image.width(), height, image.height());
        } else if (height == 0) {
            height = follows(image.height(), width, image.width());
        }
        boolean centre = in.text("crop").equals("center");
        return Outputs.of(Scaled.of(image, in.text("upscale_method"), width, height, centre));
    }

    private static int follows(int size, int other, int otherBefore) {
        return Math.max(1, (int) Math.rint((double) size * other / otherBefore));
    }
}
