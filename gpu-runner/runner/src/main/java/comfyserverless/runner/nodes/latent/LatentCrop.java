package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Cuts a rectangle, in pixels, out of latents.
public final class LatentCrop implements Node {
    private static final int CELL = 8;

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("LatentCrop", "nodes")
                .displayed("Crop Latent")
                .category("latent/transform")
                .required("samples", link("LATENT"))
                .required("width", integer(512).between(64, 16384).step(8))
                .required("height", integer(512).between(64, 16384).step(8))
                .required("x", integer(0).between(0, 16384).step(8))
                .required("y", integer(0).between(0, 16384).step(8))
                .output("LATENT")
                .build();
    }

    /// The corner keeps 8 cells away from the far edges; what would lie beyond them is left out.
    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Latent latent = in.latent("samples");
        int left = corner(in.integer("x") / CELL, latent.width());
        int top = corner(in.integer("y") / CELL, latent.height());
        int width = Math.min(in.integer("width") / CELL, latent.width() - left);
        int height = Math.min(in.integer("height") / CELL, latent.height() - top);
        float[] data =
                Planes.moved(
                        latent, height, width, (y, x) -> (top + y) * latent.width() + left + x);
        return Outputs.of(
                new Latent(
                        data,
                        latent.batch(),
                        latent.channels(),
                        height,
                        width,
                        latent.noiseMask(),
                        latent.batchIndex()));
    }

    private static int corner(int wanted, int size) {
        return Math.max(0, wanted > size - CELL ? size - CELL : wanted);
    }
}
