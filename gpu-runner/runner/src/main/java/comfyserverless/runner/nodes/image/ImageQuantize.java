package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Pixels;
import comfyserverless.runner.image.Quantizer;
import comfyserverless.runner.nodes.Grids;

/// Pictures of few colours, dithered or not.
public final class ImageQuantize implements Node {
    private static final int RGB = 3;

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ImageQuantize", "comfy_extras.nodes_post_processing")
                .displayed(null)
                .category("image/postprocessing")
                .required("image", link("IMAGE"))
                .required("colors", integer(256).between(1, 256).step(1))
                .required(
                        "dither",
                        choice(
                                "none",
                                "floyd-steinberg",
                                "bayer-2",
                                "bayer-4",
                                "bayer-8",
                                "bayer-16"))
                .output("IMAGE")
                .trait(Trait.NEWER_STYLE)
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image image = Grids.withChannels(in.image("image"), RGB);
        Quantizer.Dither dither = dither(in.text("dither"));
        float[] data = new float[image.data().length];
        for (int i = 0; i < image.batch(); i++) {
            context.checkStop();
            int start = image.at(i, 0, 0);
            Pixels pixels = Pixels.of(image.data(), start, image.width(), image.height(), RGB);
            byte[] reduced = Quantizer.reduce(pixels, in.integer("colors"), dither).samples();
            for (int j = 0; j < reduced.length; j++) {
                data[start + j] = (reduced[j] & 255) / 255f;
            }
        }
        return Outputs.of(new Image(data, image.batch(), image.height(), image.width(), RGB));
    }

    private static Quantizer.Dither dither(String word) {
        if (word.startsWith("bayer-")) {
            return new Quantizer.Dither.Ordered(
                    Integer.parseInt(word.substring("bayer-".length())));
        }
        return word.equals("none") ? new Quantizer.Dither.None() : new Quantizer.Dither.Diffused();
    }
}
