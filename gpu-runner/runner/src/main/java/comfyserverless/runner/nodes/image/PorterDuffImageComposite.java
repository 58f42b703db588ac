package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.image.Scaling;
import comfyserverless.runner.nodes.Grids;

/// Lays two pictures with transparency over one another by the rules of Porter and Duff. Masks are 1 where a
/// picture is clear.
public final class PorterDuffImageComposite implements Node {
    private static final float NOTHING = 1e-5f;

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("PorterDuffImageComposite", "comfy_extras.nodes_compositing")
                .displayed("Porter-Duff Image Composite")
                .category("mask/compositing")
                .required("source", link("IMAGE"))
                .required("source_alpha", link("MASK"))
                .required("destination", link("IMAGE"))
                .required("destination_alpha", link("MASK"))
                .required(
                        "mode",
                        choice(
                                        "ADD",
                                        "CLEAR",
                                        "DARKEN",
                                        "DST",
                                        "DST_ATOP",
                                        "DST_IN",
                                        "DST_OUT",
                                        "DST_OVER",
                                        "LIGHTEN",
                                        "MULTIPLY",
                                        "OVERLAY",
                                        "SCREEN",
                                        "SRC",
                                        "SRC_ATOP",
                                        "SRC_IN",
                                        "SRC_OUT",
                                        "SRC_OVER",
                                        "XOR")
                                .preset("DST"))
                .output("IMAGE")
                .output("MASK")
                .trait(Trait.NEWER_STYLE)
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image below = in.image("destination");
        Image above = in.image("source");
        if (above.channels() != below.channels()) {
            throw new NodeException(
                    "AssertionError",
                    "source has "
                            + above.channels()
                            + " channels, destination "
                            + below.channels());
        }
        int width = below.width();
        int height = below.height();
        above = Grids.image(sized(Grids.of(above), width, height));
        Mask aboveMask = Grids.mask(sized(Grids.of(in.mask("source_alpha")), width, height));
        Mask belowMask = Grids.mask(sized(Grids.of(in.mask("destination_alpha")), width, height));
        int batch =
                Math.min(
                        Math.min(above.batch(), below.batch()),
                        Math.min(aboveMask.batch(), belowMask.batch()));
        int channels = below.channels();
        float[] colours = new float[batch * height * width * channels];
        float[] clear = new float[batch * height * width];
        PorterDuff mode = PorterDuff.valueOf(in.text("mode"));
        for (int i = 0; i < clear.length; i++) {
            float s = 1f - aboveMask.data()[i];
            float d = 1f - belowMask.data()[i];
            float alpha = mode.alpha(s, d);
            for (int c = i * channels; c < (i + 1) * channels; c++) {
                float colour = mode.colour(above.data()[c] * s, s, below.data()[c] * d, d);
                colours[c] = alpha > NOTHING ? Math.clamp(colour / alpha, 0f, 1f) : 0f;
            }
            clear[i] = 1f - alpha;
        }
        return Outputs.of(
                new Image(colours, batch, height, width, channels),
                new Mask(clear, batch, height, width));
    }

    private static Grid sized(Grid grid, int width, int height) {
        return grid.width() == width && grid.height() == height
                ? grid
                : Scaling.BICUBIC.resizeCentre(grid, width, height);
    }
}
