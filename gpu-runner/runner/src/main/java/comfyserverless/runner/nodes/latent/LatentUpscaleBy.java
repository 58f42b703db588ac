package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Scales latents by a factor.
public final class LatentUpscaleBy implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("LatentUpscaleBy", "nodes")
                .displayed("Upscale Latent By")
                .category("latent")
                .required("samples", link("LATENT"))
                .required("upscale_method", choice(ScaledLatent.METHODS))
                .required("scale_by", decimal(1.5).between(0.01, 8).step(0.01))
                .output("LATENT")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Latent latent = in.latent("samples");
        double factor = in.decimal("scale_by");
        int width = (int) Math.rint(latent.width() * factor);
        int height = (int) Math.rint(latent.height() * factor);
        return Outputs.of(ScaledLatent.of(latent, in.text("upscale_method"), width, height, false));
    }
}
