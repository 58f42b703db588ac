package comfyserverless.runner.nodes.mask;

import static comfyserverless.contract.node.InputSpec.flag;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Compositing;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.image.Scaling;
import comfyserverless.runner.nodes.Grids;
import comfyserverless.runner.nodes.SimpleNode;

/// The nodes that lay a picture or latent over another through a mask (nodes_mask, ComfyUI 0.3.64).
public final class CompositeNodes {
    private static final int CELL = 8;

    private CompositeNodes() {}

    public static Node latentCompositeMasked() {
        return new SimpleNode(
                NodeDefinition.of("LatentCompositeMasked", "comfy_extras.nodes_mask")
                        .category("latent")
                        .required("destination", link("LATENT"))
                        .required("source", link("LATENT"))
                        .required("x", integer(0).between(0, 16384).step(8))
                        .required("y", integer(0).between(0, 16384).step(8))
                        .required("resize_source", flag(false))
                        .optional("mask", link("MASK"))
                        .output("LATENT")
                        .build(),
                (in, context) -> Outputs.of(latent(in)));
    }

    private static Latent latent(Inputs in) {
        Latent below = in.latent("destination");
        Grid result =
                pasted(
                        Grids.of(below),
                        Grids.of(in.latent("source")),
                        in,
                        Math.floorDiv(in.integer("x"), CELL),
                        Math.floorDiv(in.integer("y"), CELL));
        return Grids.latent(result, below);
    }

    public static Node imageCompositeMasked() {
        return new SimpleNode(
                NodeDefinition.of("ImageCompositeMasked", "comfy_extras.nodes_mask")
                        .category("image")
                        .required("destination", link("IMAGE"))
                        .required("source", link("IMAGE"))
                        .required("x", integer(0).between(0, 16384).step(1))
                        .required("y", integer(0).between(0, 16384).step(1))
                        .required("resize_source", flag(false))
                        .optional("mask", link("MASK"))
                        .output("IMAGE")
                        .build(),
                (in, context) -> Outputs.of(image(in)));
    }

    /// A picture without alpha counts as opaque, alpha that the lower one lacks is left out.
    private static Image image(Inputs in) {
        Image below = in.image("destination");
        Image above = Grids.withChannels(in.image("source"), below.channels());
        return Grids.image(
                pasted(Grids.of(below), Grids.of(above), in, in.integer("x"), in.integer("y")));
    }

    private static Grid pasted(Grid below, Grid above, Inputs in, int x, int y) {
        Grid fitted =
                in.flag("resize_source")
                        ? Scaling.BILINEAR.resize(above, below.width(), below.height())
                        : above;
        Grid mask = in.has("mask") ? Grids.of(in.mask("mask")) : null;
        return Compositing.paste(below, fitted, x, y, mask);
    }
}
