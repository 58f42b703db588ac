package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.integer;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Output;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Empty latents to sample from noise.
public final class EmptyLatentImage implements Node {
    private static final int CELL = 8;
    private static final int CHANNELS = 4;

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("EmptyLatentImage", "nodes")
                .displayed("Empty Latent Image")
                .category("latent")
                .describe("Makes empty latents for a sampler to fill.")
                .required("width", integer(512).between(16, 16384).step(8).tooltip("In pixels."))
                .required("height", integer(512).between(16, 16384).step(8).tooltip("In pixels."))
                .required("batch_size", integer(1).between(1, 4096).tooltip("How many."))
                .output(new Output("LATENT", "LATENT", false, "The empty latents."))
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        return Outputs.of(
                Latent.empty(
                        in.integer("batch_size"),
                        CHANNELS,
                        in.integer("height") / CELL,
                        in.integer("width") / CELL));
    }
}
