package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.integer;
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
import comfyserverless.runner.image.Filters;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.image.Scaling;
import comfyserverless.runner.nodes.Grids;

/// Turns a picture into a latent to be painted anew where a mask is: grey lies there, and the mask grows a
/// little, so that no seam shows.
public final class VAEEncodeForInpaint implements Node {
    private static final float GREY = 0.5f;

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("VAEEncodeForInpaint", "nodes")
                .displayed("VAE Encode (for Inpainting)")
                .category("latent/inpaint")
                .required("pixels", link("IMAGE"))
                .required("vae", link("VAE"))
                .required("mask", link("MASK"))
                .required("grow_mask_by", integer(6).between(0, 64).step(1))
                .output("LATENT")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        ModelHandle.Autoencoder vae = in.handle("vae", ModelHandle.Autoencoder.class);
        int factor = vae.use(Autoencoder::factor);
        Prepared prepared =
                Prepared.of(
                        in.image("pixels"), in.mask("mask"), in.integer("grow_mask_by"), factor);
        Latent latent = VAEEncode.encoded(prepared.pixels(), vae);
        return Outputs.of(
                new Latent(
                        latent.data(),
                        latent.batch(),
                        latent.channels(),
                        latent.height(),
                        latent.width(),
                        prepared.mask(),
                        latent.batchIndex()));
    }

    /// The picture with grey where the mask is, and the grown mask.
    record Prepared(Image pixels, Mask mask) {
        /// @param grow the side of the square by which the mask grows; 0 for not at all
        /// @param factor both sides are cut to a multiple of it, around the centre
        static Prepared of(Image image, Mask mask, int grow, int factor) {
            int width = image.width() / factor * factor;
            int height = image.height() / factor * factor;
            int x = image.width() % factor / 2;
            int y = image.height() % factor / 2;
            Grid pixels = Grids.of(image).crop(x, y, width, height);
            Grid part =
                    Scaling.BILINEAR
                            .resize(Grids.of(mask), image.width(), image.height())
                            .crop(x, y, width, height);
            for (int i = 0; i < part.data().length; i++) {
                part.data()[i] = (float) Math.rint(part.data()[i]);
            }
            Grid grown = grow == 0 ? part : Filters.extreme(part, grow, true);
            return new Prepared(Grids.image(greyed(pixels, part)), Grids.mask(grown));
        }

        private static Grid greyed(Grid pixels, Grid mask) {
            int area = pixels.height() * pixels.width();
            float[] data = pixels.data();
            for (int i = 0; i < data.length; i++) {
                int place = i / pixels.inner();
                float kept = 1f - mask.data()[place / area % mask.outer() * area + place % area];
                if (i % pixels.inner() < 3) {
                    data[i] = (data[i] - GREY) * kept + GREY;
                }
            }
            return pixels;
        }
    }
}
