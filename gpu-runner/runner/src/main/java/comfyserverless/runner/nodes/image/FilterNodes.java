package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.CannyEdges;
import comfyserverless.runner.image.Filters;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.image.Morphology;
import comfyserverless.runner.nodes.Grids;
import comfyserverless.runner.nodes.SimpleNode;

/// The nodes that blur, sharpen, find edges and do morphology.
public final class FilterNodes {
    private static final float SHARPER = 10f;

    private FilterNodes() {}

    public static Node imageBlur() {
        return new SimpleNode(
                NodeDefinition.of("ImageBlur", "comfy_extras.nodes_post_processing")
                        .displayed(null)
                        .category("image/postprocessing")
                        .required("image", link("IMAGE"))
                        .required("blur_radius", integer(1).between(1, 31).step(1))
                        .required("sigma", decimal(1).between(0.1, 10).step(0.1))
                        .output("IMAGE")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        Outputs.of(
                                Grids.image(
                                        Filters.gaussian(
                                                Grids.of(in.image("image")),
                                                in.integer("blur_radius"),
                                                in.decimal("sigma")))));
    }

    public static Node imageSharpen() {
        return new SimpleNode(
                NodeDefinition.of("ImageSharpen", "comfy_extras.nodes_post_processing")
                        .displayed(null)
                        .category("image/postprocessing")
                        .required("image", link("IMAGE"))
                        .required("sharpen_radius", integer(1).between(1, 31).step(1))
                        .required("sigma", decimal(1).between(0.1, 10).step(0.01))
                        .required("alpha", decimal(1).between(0, 5).step(0.01))
                        .output("IMAGE")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> Outputs.of(sharpened(in)));
    }

    /// Adds to a picture what its blurred copy lacks.
    private static Image sharpened(Inputs in) {
        Image image = in.image("image");
        Grid blurred =
                Filters.gaussian(
                        Grids.of(image), in.integer("sharpen_radius"), in.decimal("sigma"));
        float more = (float) in.decimal("alpha") * SHARPER;
        float[] data = new float[image.data().length];
        for (int i = 0; i < data.length; i++) {
            float value = image.data()[i];
            data[i] = Math.clamp(value + more * (value - blurred.data()[i]), 0f, 1f);
        }
        return new Image(data, image.batch(), image.height(), image.width(), image.channels());
    }

    public static Node canny() {
        return new SimpleNode(
                NodeDefinition.of("Canny", "comfy_extras.nodes_canny")
                        .displayed(null)
                        .category("image/preprocessors")
                        .required("image", link("IMAGE"))
                        .required("low_threshold", decimal(0.4).between(0.01, 0.99).step(0.01))
                        .required("high_threshold", decimal(0.8).between(0.01, 0.99).step(0.01))
                        .output("IMAGE")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    float low = (float) in.decimal("low_threshold");
                    float high = (float) in.decimal("high_threshold");
                    if (low > high) {
                        throw new NodeException(
                                "ValueError",
                                "low_threshold " + low + " is above high_threshold " + high);
                    }
                    Grid edges = CannyEdges.of(Grids.of(in.image("image")), low, high);
                    return Outputs.of(Channels.grey(Grids.mask(edges)));
                });
    }

    public static Node morphology() {
        return new SimpleNode(
                NodeDefinition.of("Morphology", "comfy_extras.nodes_morphology")
                        .displayed("ImageMorphology")
                        .category("image/postprocessing")
                        .required("image", link("IMAGE"))
                        .required(
                                "operation",
                                choice(
                                        "erode",
                                        "dilate",
                                        "open",
                                        "close",
                                        "gradient",
                                        "bottom_hat",
                                        "top_hat"))
                        .required("kernel_size", integer(3).between(3, 999).step(1))
                        .output("IMAGE")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    String word = in.text("operation");
                    Morphology operation =
                            Morphology.of(word)
                                    .orElseThrow(() ->
                                            new NodeException(
                                                    "ValueError", "no operation " + word));
                    return Outputs.of(
                            Grids.image(
                                    operation.apply(
                                            Grids.of(in.image("image")),
                                            in.integer("kernel_size"))));
                });
    }
}
