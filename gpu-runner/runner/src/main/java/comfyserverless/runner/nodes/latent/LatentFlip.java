package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Mirrors latents.
public final class LatentFlip implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("LatentFlip", "nodes")
                .displayed("Flip Latent")
                .category("latent/transform")
                .required("samples", link("LATENT"))
                .required("flip_method", choice("x-axis: vertically", "y-axis: horizontally"))
                .output("LATENT")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Latent latent = in.latent("samples");
        boolean vertically = in.text("flip_method").startsWith("x");
        int height = latent.height();
        int width = latent.width();
        return Outputs.of(
                latent.withData(
                        Planes.moved(
                                latent,
                                height,
                                width,
                                (y, x) ->
                                        vertically
                                                ? (height - 1 - y) * width + x
                                                : y * width + width - 1 - x)));
    }
}
