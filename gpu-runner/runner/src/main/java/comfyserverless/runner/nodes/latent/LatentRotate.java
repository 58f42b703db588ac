package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Turns latents clockwise.
public final class LatentRotate implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("LatentRotate", "nodes")
                .displayed("Rotate Latent")
                .category("latent/transform")
                .required("samples", link("LATENT"))
                .required("rotation", choice("none", "90 degrees", "180 degrees", "270 degrees"))
                .output("LATENT")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Latent latent = in.latent("samples");
        String rotation = in.text("rotation");
        int quarters =
                rotation.startsWith("9")
                        ? 1
                        : rotation.startsWith("1") ? 2 : rotation.startsWith("2") ? 3 : 0;
        for (int i = 0; i < quarters; i++) {
            latent = quarter(latent);
        }
        return Outputs.of(latent);
    }

    private static Latent quarter(Latent latent) {
        int height = latent.height();
        int width = latent.width();
        float[] data = Planes.moved(latent, width, height, (y, x) -> (height - 1 - x) * width + y);
        return new Latent(
                data,
                latent.batch(),
                latent.channels(),
                width,
                height,
                latent.noiseMask(),
                latent.batchIndex());
    }
}
