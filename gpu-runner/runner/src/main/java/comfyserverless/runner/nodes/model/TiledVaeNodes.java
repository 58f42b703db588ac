package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.vae.Autoencoder;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.nodes.Grids;
import comfyserverless.runner.nodes.SimpleNode;
import java.util.List;

/// The nodes that encode and decode large pictures in tiles: the mean of three tilings, one of squares, one of
/// wide and one of high tiles.
public final class TiledVaeNodes {
    private TiledVaeNodes() {}

    public static Node vaeDecodeTiled() {
        return new SimpleNode(
                NodeDefinition.of("VAEDecodeTiled", "nodes")
                        .displayed("VAE Decode (Tiled)")
                        .category("_for_testing")
                        .required("samples", link("LATENT"))
                        .required("vae", link("VAE"))
                        .required("tile_size", integer(512).between(64, 4096).step(32))
                        .required("overlap", integer(64).between(0, 4096).step(32))
                        .required("temporal_size", integer(64).between(8, 4096).step(4))
                        .required("temporal_overlap", integer(8).between(4, 4096).step(4))
                        .output("IMAGE")
                        .build(),
                (in, context) -> {
                    ModelHandle.Autoencoder vae = in.handle("vae", ModelHandle.Autoencoder.class);
                    return Outputs.of(vae.<Image>use(loaded -> decoded(in, loaded, context)));
                });
    }

    public static Node vaeEncodeTiled() {
        return new SimpleNode(
                NodeDefinition.of("VAEEncodeTiled", "nodes")
                        .displayed("VAE Encode (Tiled)")
                        .category("_for_testing")
                        .required("pixels", link("IMAGE"))
                        .required("vae", link("VAE"))
                        .required("tile_size", integer(512).between(64, 4096).step(64))
                        .required("overlap", integer(64).between(0, 4096).step(32))
                        .required("temporal_size", integer(64).between(8, 4096).step(4))
                        .required("temporal_overlap", integer(8).between(4, 4096).step(4))
                        .output("LATENT")
                        .build(),
                (in, context) -> {
                    ModelHandle.Autoencoder vae = in.handle("vae", ModelHandle.Autoencoder.class);
                    return Outputs.of(vae.<Latent>use(loaded -> encoded(in, loaded, context)));
                });
    }

    private static Image decoded(Inputs in, Autoencoder vae, NodeContext context) {
        Latent latent = in.latent("samples");
        int factor = vae.factor();
        int size = in.integer("tile_size");
        int overlap = Math.min(in.integer("overlap"), size / 4) / factor;
        int tile = size / factor;
        List<Tiling> tilings =
                List.of(
                        new Tiling(tile * 2, tile / 2, overlap, factor),
                        new Tiling(tile / 2, tile * 2, overlap, factor),
                        new Tiling(tile, tile, overlap, factor));
        Grid source = Grids.of(latent);
        int height = latent.height() * factor;
        int width = latent.width() * factor;
        Steps steps = new Steps(context, tilings, latent.batch(), latent.height(), latent.width());
        Image image = Image.black(latent.batch(), height, width);
        for (int i = 0; i < latent.batch(); i++) {
            Grid one = Grids.item(source, i);
            float[] mean =
                    steps.mean((y, x, h, w) ->
                            vae.decodeRaw(
                                    new HostTensor(
                                            one.crop(x, y, w, h).planar(),
                                            1,
                                            latent.channels(),
                                            h,
                                            w)));
            int area = height * width;
            for (int j = 0; j < area * 3; j++) {
                float value = (mean[j % 3 * area + j / 3] + 1f) / 2f;
                image.data()[image.at(i, 0, 0) + j] = Math.clamp(value, 0f, 1f);
            }
        }
        return image;
    }

    private static Latent encoded(Inputs in, Autoencoder vae, NodeContext context) {
        int factor = vae.factor();
        Image image = whole(Grids.withChannels(in.image("pixels"), 3), factor);
        int tile = in.integer("tile_size");
        int overlap = Math.min(in.integer("overlap"), tile / 4);
        double scale = 1.0 / factor;
        List<Tiling> tilings =
                List.of(
                        new Tiling(tile, tile, overlap, scale),
                        new Tiling(tile / 2, tile * 2, overlap, scale),
                        new Tiling(tile * 2, tile / 2, overlap, scale));
        Grid source = Grids.of(image);
        Steps steps = new Steps(context, tilings, image.batch(), image.height(), image.width());
        Latent latent =
                Latent.empty(
                        image.batch(),
                        vae.latentChannels(),
                        image.height() / factor,
                        image.width() / factor);
        int size = latent.data().length / image.batch();
        for (int i = 0; i < image.batch(); i++) {
            Grid one = Grids.item(source, i);
            float[] mean =
                    steps.mean((y, x, h, w) ->
                            vae.encode(new HostTensor(one.crop(x, y, w, h).data(), 1, h, w, 3)));
            System.arraycopy(mean, 0, latent.data(), i * size, size);
        }
        return latent;
    }

    /// The middle part whose sides the factor divides.
    private static Image whole(Image image, int factor) {
        int width = image.width() / factor * factor;
        int height = image.height() / factor * factor;
        return Grids.image(
                Grids.of(image)
                        .crop(
                                image.width() % factor / 2,
                                image.height() % factor / 2,
                                width,
                                height));
    }

    /// Runs all tilings over one item after another and tells how far it is.
    private static final class Steps {
        private final NodeContext context;
        private final List<Tiling> tilings;
        private final int height;
        private final int width;
        private final int total;
        private int done;

        Steps(NodeContext context, List<Tiling> tilings, int batch, int height, int width) {
            this.context = context;
            this.tilings = tilings;
            this.height = height;
            this.width = width;
            this.total = batch * tilings.stream().mapToInt(t -> t.count(height, width)).sum();
        }

        float[] mean(Tiling.Piece piece) {
            float[] sum = new float[0];
            for (Tiling tiling : tilings) {
                float[] one =
                        tiling.join(height, width, (y, x, h, w) -> counted(piece, y, x, h, w))
                                .data();
                if (sum.length == 0) {
                    sum = one.clone();
                    continue;
                }
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += one[i];
                }
            }
            for (int i = 0; i < sum.length; i++) {
                sum[i] /= tilings.size();
            }
            return sum;
        }

        private HostTensor counted(Tiling.Piece piece, int y, int x, int h, int w) {
            context.checkStop();
            HostTensor result = piece.of(y, x, h, w);
            context.progress(++done, total);
            return result;
        }
    }
}
