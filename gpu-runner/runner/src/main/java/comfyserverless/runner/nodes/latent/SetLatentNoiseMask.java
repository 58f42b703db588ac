package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Says where a sampler may change a latent.
public final class SetLatentNoiseMask implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("SetLatentNoiseMask", "nodes")
                .displayed("Set Latent Noise Mask")
                .category("latent/inpaint")
                .required("samples", link("LATENT"))
                .required("mask", link("MASK"))
                .output("LATENT")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Latent latent = in.latent("samples");
        return Outputs.of(
                new Latent(
                        latent.data(),
                        latent.batch(),
                        latent.channels(),
                        latent.height(),
                        latent.width(),
                        in.mask("mask"),
                        latent.batchIndex()));
    }
}
