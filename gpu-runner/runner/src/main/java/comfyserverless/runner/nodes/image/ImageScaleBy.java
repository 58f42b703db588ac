package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Scales pictures by a factor.
public final class ImageScaleBy implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ImageScaleBy", "nodes")
                .displayed("Upscale Image By")
                .category("image/upscaling")
                .required("image", link("IMAGE"))
                .required(
                        "upscale_method",
                        choice("nearest-exact", "bilinear", "area", "bicubic", "lanczos"))
                .required("scale_by", decimal(1).between(0.01, 8).step(0.01))
                .output("IMAGE")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image image = in.image("image");
        double factor = in.decimal("scale_by");
        int width = (int) Math.rint(image.width() * factor);
        int height = (int) Math.rint(image.height() * factor);
        return Outputs.of(Scaled.of(image, in.text("upscale_method"), width, height, false));
    }
}
