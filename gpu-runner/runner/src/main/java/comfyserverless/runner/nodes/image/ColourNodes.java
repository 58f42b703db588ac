package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Scaling;
import comfyserverless.runner.nodes.Grids;
import comfyserverless.runner.nodes.SimpleNode;

/// The nodes that take pictures apart into brightness and colour, or colour and alpha, and back.
public final class ColourNodes {
    private ColourNodes() {}

    public static Node imageRgbToYuv() {
        return new SimpleNode(
                NodeDefinition.of("ImageRGBToYUV", "comfy_extras.nodes_morphology")
                        .displayed(null)
                        .category("image/batch")
                        .required("image", link("IMAGE"))
                        .output("IMAGE", "Y")
                        .output("IMAGE", "U")
                        .output("IMAGE", "V")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    Image yuv = yuv(in.image("image"));
                    return Outputs.of(
                            Channels.grey(Channels.of(yuv, 0)),
                            Channels.grey(Channels.of(yuv, 1)),
                            Channels.grey(Channels.of(yuv, 2)));
                });
    }

    private static Image yuv(Image image) {
        Image rgb = Grids.withChannels(image, 3);
        float[] data = new float[rgb.data().length];
        for (int i = 0; i < data.length; i += 3) {
            float red = rgb.data()[i];
            float blue = rgb.data()[i + 2];
            float y = 0.299f * red + 0.587f * rgb.data()[i + 1] + 0.114f * blue;
            data[i] = y;
            data[i + 1] = (blue - y) * 0.564f + 0.5f;
            data[i + 2] = (red - y) * 0.713f + 0.5f;
        }
        return new Image(data, rgb.batch(), rgb.height(), rgb.width(), 3);
    }

    public static Node imageYuvToRgb() {
        return new SimpleNode(
                NodeDefinition.of("ImageYUVToRGB", "comfy_extras.nodes_morphology")
                        .displayed(null)
                        .category("image/batch")
                        .required("Y", link("IMAGE"))
                        .required("U", link("IMAGE"))
                        .required("V", link("IMAGE"))
                        .output("IMAGE")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> Outputs.of(rgb(in.image("Y"), in.image("U"), in.image("V"))));
    }

    private static Image rgb(Image y, Image u, Image v) {
        if (y.batch() != u.batch()
                || y.height() != u.height()
                || y.width() != u.width()
                || y.batch() != v.batch()
                || y.height() != v.height()
                || y.width() != v.width()) {
            throw new NodeException(
                    "RuntimeError", "Y, U and V differ in size: " + y + ", " + u + ", " + v);
        }
        Image out = Image.black(y.batch(), y.height(), y.width());
        float[] data = out.data();
        for (int i = 0; i < data.length / 3; i++) {
            float bright = mean(y, i);
            float cb = mean(u, i) - 0.5f;
            float cr = mean(v, i) - 0.5f;
            data[3 * i] = bright + cr / 0.713f;
            data[3 * i + 1] = bright - 0.714403f * cr - 0.34434f * cb;
            data[3 * i + 2] = bright + cb / 0.564f;
        }
        return out;
    }

    private static float mean(Image image, int pixel) {
        float sum = 0f;
        for (int c = 0; c < image.channels(); c++) {
            sum += image.data()[pixel * image.channels() + c];
        }
        return sum / image.channels();
    }

    public static Node splitImageWithAlpha() {
        return new SimpleNode(
                NodeDefinition.of("SplitImageWithAlpha", "comfy_extras.nodes_compositing")
                        .displayed("Split Image with Alpha")
                        .category("mask/compositing")
                        .required("image", link("IMAGE"))
                        .output("IMAGE")
                        .output("MASK")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    Image image = in.image("image");
                    Mask alpha = Channels.of(Grids.withChannels(image, 4), 3);
                    return Outputs.of(Grids.withChannels(image, 3), inverted(alpha));
                });
    }

    public static Node joinImageWithAlpha() {
        return new SimpleNode(
                NodeDefinition.of("JoinImageWithAlpha", "comfy_extras.nodes_compositing")
                        .displayed("Join Image with Alpha")
                        .category("mask/compositing")
                        .required("image", link("IMAGE"))
                        .required("alpha", link("MASK"))
                        .output("IMAGE")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> Outputs.of(joined(in.image("image"), in.mask("alpha"))));
    }

    /// As many pictures as both have; the mask is scaled to them.
    private static Image joined(Image image, Mask mask) {
        int batch = Math.min(image.batch(), mask.batch());
        Mask alpha =
                inverted(
                        Grids.mask(
                                Scaling.BILINEAR.resize(
                                        Grids.of(mask), image.width(), image.height())));
        Image out = Grids.withChannels(Grids.withChannels(Batches.part(image, 0, batch), 3), 4);
        for (int i = 0; i < out.data().length / 4; i++) {
            out.data()[4 * i + 3] = alpha.data()[i];
        }
        return out;
    }

    private static Mask inverted(Mask mask) {
        float[] data = new float[mask.data().length];
        for (int i = 0; i < data.length; i++) {
            data[i] = 1f - mask.data()[i];
        }
        return new Mask(data, mask.batch(), mask.height(), mask.width());
    }
}
