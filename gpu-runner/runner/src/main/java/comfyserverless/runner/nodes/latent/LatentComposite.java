package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Compositing;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.nodes.Grids;
import java.util.Arrays;

/// Lays a latent over another; its edges may fade where they meet it.
public final class LatentComposite implements Node {
    private static final int CELL = 8;

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("LatentComposite", "nodes")
                .displayed("Latent Composite")
                .category("latent")
                .required("samples_to", link("LATENT"))
                .required("samples_from", link("LATENT"))
                .required("x", integer(0).between(0, 16384).step(8))
                .required("y", integer(0).between(0, 16384).step(8))
                .required("feather", integer(0).between(0, 16384).step(8))
                .output("LATENT")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Latent below = in.latent("samples_to");
        Grid above = Grids.of(in.latent("samples_from"));
        int x = in.integer("x") / CELL;
        int y = in.integer("y") / CELL;
        int feather = in.integer("feather") / CELL;
        int width = Math.min(above.width(), below.width() - x);
        int height = Math.min(above.height(), below.height() - y);
        if (width <= 0 || height <= 0) {
            return Outputs.of(below);
        }
        float[] columns = shares(width, feather, x != 0, x + above.width() < below.width());
        float[] rows = shares(height, feather, y != 0, y + above.height() < below.height());
        float[] mask = new float[width * height];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = columns[i % width] * rows[i / width];
        }
        Grid part = above.crop(0, 0, width, height);
        Grid shares = new Grid(mask, 1, height, width, 1);
        return Outputs.of(
                Grids.latent(Compositing.paste(Grids.of(below), part, x, y, shares), below));
    }

    private static float[] shares(int size, int feather, boolean before, boolean after) {
        float[] shares = new float[size];
        Arrays.fill(shares, 1f);
        for (int i = 0; i < Math.min(feather, size); i++) {
            float share = (float) (1.0 / feather * (i + 1));
            shares[i] *= before ? share : 1f;
            shares[size - 1 - i] *= after ? share : 1f;
        }
        return shares;
    }
}
