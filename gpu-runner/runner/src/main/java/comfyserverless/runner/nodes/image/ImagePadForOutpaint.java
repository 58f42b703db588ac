package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.util.Arrays;

/// Adds a grey border to be painted, and a mask of it that fades into the picture.
public final class ImagePadForOutpaint implements Node {
    private static final float GREY = 0.5f;

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ImagePadForOutpaint", "nodes")
                .displayed("Pad Image for Outpainting")
                .category("image")
                .required("image", link("IMAGE"))
                .required("left", border())
                .required("top", border())
                .required("right", border())
                .required("bottom", border())
                .required("feathering", integer(40).between(0, 16384).step(1))
                .output("IMAGE")
                .output("MASK")
                .build();
    }

    private static InputSpec border() {
        return integer(0).between(0, 16384).step(8);
    }

    /// Where the picture lies in the larger one, and how far the mask fades into it.
    private record Padding(int left, int top, int right, int bottom, int feathering) {}

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image image = in.image("image");
        Padding pad =
                new Padding(
                        in.integer("left"),
                        in.integer("top"),
                        in.integer("right"),
                        in.integer("bottom"),
                        in.integer("feathering"));
        return Outputs.of(padded(image, pad), mask(image, pad));
    }

    private static Image padded(Image image, Padding pad) {
        int height = image.height() + pad.top() + pad.bottom();
        int width = image.width() + pad.left() + pad.right();
        int rows = Math.multiplyExact(Math.multiplyExact(image.batch(), height), width);
        float[] data = new float[Math.multiplyExact(rows, image.channels())];
        Arrays.fill(data, GREY);
        Image larger = new Image(data, image.batch(), height, width, image.channels());
        for (int i = 0; i < image.batch(); i++) {
            for (int y = 0; y < image.height(); y++) {
                System.arraycopy(
                        image.data(),
                        image.at(i, y, 0),
                        data,
                        larger.at(i, y + pad.top(), pad.left()),
                        image.width() * image.channels());
            }
        }
        return larger;
    }

    private static Mask mask(Image image, Padding pad) {
        int height = image.height();
        int width = image.width();
        int wide = width + pad.left() + pad.right();
        Mask mask = Mask.filled(1, height + pad.top() + pad.bottom(), wide, 1);
        boolean fades =
                pad.feathering() > 0
                        && pad.feathering() * 2 < height
                        && pad.feathering() * 2 < width;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = (y + pad.top()) * wide + x + pad.left();
                mask.data()[at] = fades ? faded(pad, y, x, height, width) : 0f;
            }
        }
        return mask;
    }

    /// 0 inside, rising with the square of the nearness to an edge that got a border.
    private static float faded(Padding pad, int y, int x, int height, int width) {
        int top = pad.top() != 0 ? y : height;
        int bottom = pad.bottom() != 0 ? height - y : height;
        int left = pad.left() != 0 ? x : width;
        int right = pad.right() != 0 ? width - x : width;
        int nearest = Math.min(Math.min(top, bottom), Math.min(left, right));
        if (nearest >= pad.feathering()) {
            return 0f;
        }
        double share = (double) (pad.feathering() - nearest) / pad.feathering();
        return (float) (share * share);
    }
}
