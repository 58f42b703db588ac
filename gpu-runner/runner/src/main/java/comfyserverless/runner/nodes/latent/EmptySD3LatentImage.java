package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.integer;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Makes empty latents of sixteen channels, as Stable Diffusion 3 and Flux sample.
public final class EmptySD3LatentImage implements Node {
    private static final int CHANNELS = 16;
    private static final int CELL = 8;

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("EmptySD3LatentImage", "comfy_extras.nodes_sd3")
                .displayed(null)
                .category("latent/sd3")
                .required("width", integer(1024).between(16, 16384).step(16))
                .required("height", integer(1024).between(16, 16384).step(16))
                .required("batch_size", integer(1).between(1, 4096))
                .output("LATENT")
                .trait(Trait.NEWER_STYLE)
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
