package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Output;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.util.Arrays;

/// Turns latents into pictures, one after another.
public final class VAEDecode implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("VAEDecode", "nodes")
                .displayed("VAE Decode")
                .category("latent")
                .describe("Turns latents back into pictures.")
                .required("samples", link("LATENT").tooltip("What to decode."))
                .required("vae", link("VAE").tooltip("The autoencoder that decodes."))
                .output(new Output("IMAGE", "IMAGE", false, "The pictures."))
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Latent latent = in.latent("samples");
        ModelHandle.Autoencoder vae = in.handle("vae", ModelHandle.Autoencoder.class);
        Image image = vae.use(loaded -> decode(latent, loaded::decode, context));
        return Outputs.of(image);
    }

    private static Image decode(
            Latent latent,
            java.util.function.UnaryOperator<HostTensor> decoder,
            NodeContext context) {
        int length = latent.data().length / Math.max(1, latent.batch());
        float[] all = new float[0];
        HostTensor picture = HostTensor.zeros(1, 0, 0, 3);
        for (int i = 0; i < latent.batch(); i++) {
            context.checkStop();
            float[] one = Arrays.copyOfRange(latent.data(), i * length, (i + 1) * length);
            picture =
                    decoder.apply(
                            new HostTensor(
                                    one, 1, latent.channels(), latent.height(), latent.width()));
            if (i == 0) {
                all = new float[Math.multiplyExact(picture.data().length, latent.batch())];
            }
            System.arraycopy(
                    picture.data(), 0, all, i * picture.data().length, picture.data().length);
        }
        return new Image(all, latent.batch(), (int) picture.size(1), (int) picture.size(2), 3);
    }
}
