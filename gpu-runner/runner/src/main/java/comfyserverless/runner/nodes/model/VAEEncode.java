package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Turns pictures into latents.
public final class VAEEncode implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("VAEEncode", "nodes")
                .displayed("VAE Encode")
                .category("latent")
                .required("pixels", link("IMAGE"))
                .required("vae", link("VAE"))
                .output("LATENT")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image image = in.image("pixels");
        return Outputs.of(encoded(image, in.handle("vae", ModelHandle.Autoencoder.class)));
    }

    static Latent encoded(Image image, ModelHandle.Autoencoder vae) {
        HostTensor pixels =
                new HostTensor(
                        image.data(),
                        image.batch(),
                        image.height(),
                        image.width(),
                        image.channels());
        HostTensor latent = vae.use(loaded -> loaded.encode(pixels));
        return new Latent(
                latent.data(),
                (int) latent.size(0),
                (int) latent.size(1),
                (int) latent.size(2),
                (int) latent.size(3));
    }
}
