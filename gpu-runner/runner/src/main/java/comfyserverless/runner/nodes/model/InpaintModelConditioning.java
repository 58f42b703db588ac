package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.flag;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.vae.Autoencoder;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Scaling;
import comfyserverless.runner.nodes.Grids;

/// Makes a latent of a picture that samplers change where a mask is. The prompts go through unchanged: what
/// models with inputs for a masked picture would be given besides, those that run here do not read.
public final class InpaintModelConditioning implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("InpaintModelConditioning", "nodes")
                .category("conditioning/inpaint")
                .required("positive", link("CONDITIONING"))
                .required("negative", link("CONDITIONING"))
                .required("vae", link("VAE"))
                .required("pixels", link("IMAGE"))
                .required("mask", link("MASK"))
                .required("noise_mask", flag(true))
                .output("CONDITIONING", "positive")
                .output("CONDITIONING", "negative")
                .output("LATENT", "latent")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        ModelHandle.Autoencoder vae = in.handle("vae", ModelHandle.Autoencoder.class);
        Image image = in.image("pixels");
        int factor = vae.use(Autoencoder::factor);
        Latent latent = VAEEncode.encoded(image, vae);
        Mask mask = in.flag("noise_mask") ? fitted(in.mask("mask"), image, factor) : null;
        Latent masked =
                new Latent(
                        latent.data(),
                        latent.batch(),
                        latent.channels(),
                        latent.height(),
                        latent.width(),
                        mask,
                        latent.batchIndex());
        return Outputs.of(in.value("positive"), in.value("negative"), masked);
    }

    /// The mask at the picture's size, cut as the picture is cut for the autoencoder.
    static Mask fitted(Mask mask, Image image, int factor) {
        return Grids.mask(
                Scaling.BILINEAR
                        .resize(Grids.of(mask), image.width(), image.height())
                        .crop(
                                image.width() % factor / 2,
                                image.height() % factor / 2,
                                image.width() / factor * factor,
                                image.height() / factor * factor));
    }
}
