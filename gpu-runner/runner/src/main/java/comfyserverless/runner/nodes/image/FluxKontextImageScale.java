package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.util.List;

/// Scales pictures to that one of Flux Kontext's sizes whose proportion is nearest.
public final class FluxKontextImageScale implements Node {
    /// Width and height; what lies upright and what lies flat, smallest width first.
    private static final List<Size> SIZES =
            List.of(
                    new Size(672, 1568),
                    new Size(688, 1504),
                    new Size(720, 1456),
                    new Size(752, 1392),
                    new Size(800, 1328),
                    new Size(832, 1248),
                    new Size(880, 1184),
                    new Size(944, 1104),
                    new Size(1024, 1024),
                    new Size(1104, 944),
                    new Size(1184, 880),
                    new Size(1248, 832),
                    new Size(1328, 800),
                    new Size(1392, 752),
                    new Size(1456, 720),
                    new Size(1504, 688),
                    new Size(1568, 672));

    private record Size(int width, int height) {
        double distance(double aspect) {
            return Math.abs(aspect - (double) width / height);
        }
    }

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("FluxKontextImageScale", "comfy_extras.nodes_flux")
                .displayed(null)
                .category("advanced/conditioning/flux")
                .required("image", link("IMAGE"))
                .output("IMAGE")
                .trait(Trait.NEWER_STYLE)
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image image = in.image("image");
        double aspect = (double) image.width() / image.height();
        Size nearest = SIZES.getFirst();
        for (Size size : SIZES) {
            nearest = size.distance(aspect) < nearest.distance(aspect) ? size : nearest;
        }
        return Outputs.of(Scaled.of(image, "lanczos", nearest.width(), nearest.height(), true));
    }
}
