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
import comfyserverless.runner.image.Compositing;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.nodes.Grids;
import comfyserverless.runner.nodes.SimpleNode;
import java.util.Arrays;

/// The nodes that cut, turn, flip and scale pictures (nodes_images, ComfyUI 0.3.64).
public final class TransformNodes {
    private static final int MEGA = 1024 * 1024;

    private TransformNodes() {}

    public static Node imageCrop() {
        return new SimpleNode(
                NodeDefinition.of("ImageCrop", "comfy_extras.nodes_images")
                        .displayed("Image Crop")
                        .category("image/transform")
                        .required("image", link("IMAGE"))
                        .required("width", integer(512).between(1, 16384).step(1))
                        .required("height", integer(512).between(1, 16384).step(1))
                        .required("x", integer(0).between(0, 16384).step(1))
                        .required("y", integer(0).between(0, 16384).step(1))
                        .output("IMAGE")
                        .build(),
                (in, context) -> Outputs.of(cropped(in)));
    }

    private static Image cropped(Inputs in) {
        Image image = in.image("image");
        int x = Math.min(in.integer("x"), image.width() - 1);
        int y = Math.min(in.integer("y"), image.height() - 1);
        int width = Math.min(in.integer("width"), image.width() - x);
        int height = Math.min(in.integer("height"), image.height() - y);
        return Grids.image(Grids.of(image).crop(x, y, width, height));
    }

    public static Node imageRotate() {
        return new SimpleNode(
                NodeDefinition.of("ImageRotate", "comfy_extras.nodes_images")
                        .category("image/transform")
                        .required("image", link("IMAGE"))
                        .required(
                                "rotation",
                                choice("none", "90 degrees", "180 degrees", "270 degrees"))
                        .output("IMAGE")
                        .build(),
                (in, context) -> Outputs.of(rotated(in.image("image"), in.text("rotation"))));
    }

    private static Image rotated(Image image, String rotation) {
        int width = image.width();
        int height = image.height();
        if (rotation.startsWith("90")) {
            return moved(image, height, width, (y, x) -> (height - 1 - x) * width + y);
        }
        if (rotation.startsWith("180")) {
            return moved(image, width, height, (y, x) -> (height - 1 - y) * width + width - 1 - x);
        }
        if (rotation.startsWith("270")) {
            return moved(image, height, width, (y, x) -> x * width + width - 1 - y);
        }
        return image;
    }

    public static Node imageFlip() {
        return new SimpleNode(
                NodeDefinition.of("ImageFlip", "comfy_extras.nodes_images")
                        .category("image/transform")
                        .required("image", link("IMAGE"))
                        .required(
                                "flip_method", choice("x-axis: vertically", "y-axis: horizontally"))
                        .output("IMAGE")
                        .build(),
                (in, context) -> Outputs.of(flipped(in.image("image"), in.text("flip_method"))));
    }

    private static Image flipped(Image image, String method) {
        int width = image.width();
        int height = image.height();
        return method.startsWith("x")
                ? moved(image, width, height, (y, x) -> (height - 1 - y) * width + x)
                : moved(image, width, height, (y, x) -> y * width + width - 1 - x);
    }

    /// From which place of the old picture a place of the new one comes.
    @FunctionalInterface
    private interface Source {
        int of(int y, int x);
    }

    private static Image moved(Image image, int width, int height, Source source) {
        float[] data = new float[image.data().length];
        int channels = image.channels();
        int area = width * height;
        for (int i = 0; i < image.batch() * area; i++) {
            int from = i / area * area + source.of(i % area / width, i % width);
            System.arraycopy(image.data(), from * channels, data, i * channels, channels);
        }
        return new Image(data, image.batch(), height, width, channels);
    }

    public static Node resizeAndPadImage() {
        return new SimpleNode(
                NodeDefinition.of("ResizeAndPadImage", "comfy_extras.nodes_images")
                        .category("image/transform")
                        .required("image", link("IMAGE"))
                        .required("target_width", integer(512).between(1, 16384).step(1))
                        .required("target_height", integer(512).between(1, 16384).step(1))
                        .required("padding_color", choice("white", "black"))
                        .required(
                                "interpolation",
                                choice("area", "bicubic", "nearest-exact", "bilinear", "lanczos"))
                        .output("IMAGE")
                        .build(),
                (in, context) -> Outputs.of(fitted(in)));
    }

    /// Scales a picture into a rectangle, keeping its proportion, and fills the rest.
    private static Image fitted(Inputs in) {
        Image image = in.image("image");
        int width = in.integer("target_width");
        int height = in.integer("target_height");
        double scale = Math.min((double) width / image.width(), (double) height / image.height());
        int innerWidth = Math.max(1, (int) (image.width() * scale));
        int innerHeight = Math.max(1, (int) (image.height() * scale));
        Grid inner =
                Grids.scaled(
                        Grids.of(image), in.text("interpolation"), innerWidth, innerHeight, false);
        float colour = in.text("padding_color").equals("black") ? 0f : 1f;
        Image ground =
                Grids.withChannels(Image.black(image.batch(), height, width), image.channels());
        Arrays.fill(ground.data(), colour);
        int x = (width - innerWidth) / 2;
        int y = (height - innerHeight) / 2;
        return Grids.image(Compositing.paste(Grids.of(ground), inner, x, y, null));
    }

    public static Node imageScaleToMaxDimension() {
        return new SimpleNode(
                NodeDefinition.of("ImageScaleToMaxDimension", "comfy_extras.nodes_images")
                        .category("image/upscaling")
                        .required("image", link("IMAGE"))
                        .required(
                                "upscale_method",
                                choice(
                                        "area",
                                        "lanczos",
                                        "bilinear",
                                        "nearest-exact",
                                        "bilinear",
                                        "bicubic"))
                        .required("largest_size", integer(512).between(0, 16384).step(1))
                        .output("IMAGE")
                        .build(),
                (in, context) -> Outputs.of(largest(in)));
    }

    private static Image largest(Inputs in) {
        Image image = in.image("image");
        int size = in.integer("largest_size");
        double longer = Math.max(image.width(), image.height());
        int width = (int) Math.rint(image.width() / longer * size);
        int height = (int) Math.rint(image.height() / longer * size);
        return scaled(in, width, height);
    }

    public static Node imageScaleToTotalPixels() {
        return new SimpleNode(
                NodeDefinition.of("ImageScaleToTotalPixels", "comfy_extras.nodes_post_processing")
                        .displayed(null)
                        .category("image/upscaling")
                        .required("image", link("IMAGE"))
                        .required(
                                "upscale_method",
                                choice("nearest-exact", "bilinear", "area", "bicubic", "lanczos"))
                        .required("megapixels", decimal(1).between(0.01, 16).step(0.01))
                        .output("IMAGE")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> Outputs.of(total(in)));
    }

    private static Image total(Inputs in) {
        Image image = in.image("image");
        double pixels = (long) (in.decimal("megapixels") * MEGA);
        double scale = Math.sqrt(pixels / ((double) image.width() * image.height()));
        return scaled(
                in,
                (int) Math.rint(image.width() * scale),
                (int) Math.rint(image.height() * scale));
    }

    private static Image scaled(Inputs in, int width, int height) {
        if (width <= 0 || height <= 0) {
            throw new NodeException(
                    "RuntimeError",
                    in.image("image") + " cannot become " + width + " by " + height + " pixels");
        }
        return Grids.image(
                Grids.scaled(
                        Grids.of(in.image("image")),
                        in.text("upscale_method"),
                        width,
                        height,
                        false));
    }
}
