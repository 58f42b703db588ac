package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Scales latents to a size in pixels; a width or height of 0 follows from the other.
public final class LatentUpscale implements Node {
    private static final int CELL = 8;
    private static final int LEAST = 64;

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("LatentUpscale", "nodes")
                .displayed("Upscale Latent")
                .category("latent")
                .required("samples", link("LATENT"))
                .required("upscale_method", choice(ScaledLatent.METHODS))
                .required("width", integer(512).between(0, 16384).step(8))
                .required("height", integer(512).between(0, 16384).step(8))
                .required("crop", choice("disabled", "center"))
                .output("LATENT")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Latent latent = in.latent("samples");
        int width = in.integer("width");
        int height = in.integer("height");
        if (width == 0 && height == 0) {
            return Outputs.of(latent);
        }
        if (width == 0) {
            height = Math.max(LEAST, height);
            width = follows(latent.width(), height, latent.height());
        } else if (height == 0) {
            width = Math.max(LEAST, width);
            height = follows(latent.height(), width, latent.width());
        } else {
            width = Math.max(LEAST, width);
            height = Math.max(LEAST, height);
        }
        boolean centre = in.text("crop").equals("center");
        return Outputs.of(
                ScaledLatent.of(
                        latent, in.text("upscale_method"), width / CELL, height / CELL, centre));
    }

    private static int follows(int size, int other, int otherBefore) {
        return Math.max(LEAST, (int) Math.rint((double) size * other / otherBefore));
    }
}
