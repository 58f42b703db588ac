package comfyserverless.runner.nodes.mask;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.flag;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Filters;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.nodes.Grids;
import comfyserverless.runner.nodes.SimpleNode;
import java.util.Arrays;

/// The small nodes of masks (nodes_mask, ComfyUI 0.3.64).
public final class MaskNodes {
    private MaskNodes() {}

    public static Node imageColorToMask() {
        return new SimpleNode(
                NodeDefinition.of("ImageColorToMask", "comfy_extras.nodes_mask")
                        .category("mask")
                        .required("image", link("IMAGE"))
                        .required("color", integer(0).between(0, 16777215).step(1).display("color"))
                        .output("MASK")
                        .build(),
                (in, context) -> Outputs.of(ofColour(in.image("image"), in.integer("color"))));
    }

    /// 1 where all of a pixel's channels, rounded to bytes, are those of a colour (0xRRGGBB).
    private static Mask ofColour(Image image, int colour) {
        if (image.channels() < 3) {
            throw new NodeException(
                    "IndexError", "a picture of " + image.channels() + " channels has no colours");
        }
        Mask mask = Mask.filled(image.batch(), image.height(), image.width(), 0);
        for (int i = 0; i < mask.data().length; i++) {
            int found = 0;
            for (int c = 0; c < 3; c++) {
                float value = Math.clamp(image.data()[i * image.channels() + c], 0f, 1f);
                found = found << 8 | (int) Math.rint(value * 255f);
            }
            mask.data()[i] = found == colour ? 1f : 0f;
        }
        return mask;
    }

    public static Node cropMask() {
        return new SimpleNode(
                NodeDefinition.of("CropMask", "comfy_extras.nodes_mask")
                        .category("mask")
                        .required("mask", link("MASK"))
                        .required("x", integer(0).between(0, 16384).step(1))
                        .required("y", integer(0).between(0, 16384).step(1))
                        .required("width", integer(512).between(1, 16384).step(1))
                        .required("height", integer(512).between(1, 16384).step(1))
                        .output("MASK")
                        .build(),
                (in, context) -> Outputs.of(cropped(in.mask("mask"), in)));
    }

    /// The part of a rectangle that lies inside; what begins outside is empty.
    private static Mask cropped(Mask mask, Inputs in) {
        int x = Math.clamp(in.integer("x"), 0, mask.width());
        int y = Math.clamp(in.integer("y"), 0, mask.height());
        int width = Math.min(in.integer("width"), mask.width() - x);
        int height = Math.min(in.integer("height"), mask.height() - y);
        if (width <= 0 || height <= 0) {
            throw new NodeException(
                    "ValueError",
                    "nothing of the mask ("
                            + mask.width()
                            + " by "
                            + mask.height()
                            + ") lies at x "
                            + x
                            + ", y "
                            + y);
        }
        return Grids.mask(Grids.of(mask).crop(x, y, width, height));
    }

    public static Node thresholdMask() {
        return new SimpleNode(
                NodeDefinition.of("ThresholdMask", "comfy_extras.nodes_mask")
                        .category("mask")
                        .required("mask", link("MASK"))
                        .required("value", decimal(0.5).between(0, 1).step(0.01))
                        .output("MASK")
                        .build(),
                (in, context) -> Outputs.of(above(in.mask("mask"), (float) in.decimal("value"))));
    }

    private static Mask above(Mask mask, float value) {
        float[] data = new float[mask.data().length];
        for (int i = 0; i < data.length; i++) {
            data[i] = mask.data()[i] > value ? 1f : 0f;
        }
        return new Mask(data, mask.batch(), mask.height(), mask.width());
    }

    public static Node featherMask() {
        return new SimpleNode(
                NodeDefinition.of("FeatherMask", "comfy_extras.nodes_mask")
                        .category("mask")
                        .required("mask", link("MASK"))
                        .required("left", integer(0).between(0, 16384).step(1))
                        .required("top", integer(0).between(0, 16384).step(1))
                        .required("right", integer(0).between(0, 16384).step(1))
                        .required("bottom", integer(0).between(0, 16384).step(1))
                        .output("MASK")
                        .build(),
                (in, context) -> Outputs.of(feathered(in.mask("mask"), in)));
    }

    /// Fades a mask towards its borders. As in ComfyUI 0.3.64 the fading of the right and of the lower border
    /// begins one place late and its first share falls on the first column or row.
    private static Mask feathered(Mask mask, Inputs in) {
        float[] columns = shares(mask.width(), in.integer("left"), in.integer("right"));
        float[] rows = shares(mask.height(), in.integer("top"), in.integer("bottom"));
        float[] data = mask.data().clone();
        for (int i = 0; i < data.length; i++) {
            data[i] *= columns[i % mask.width()] * rows[i / mask.width() % mask.height()];
        }
        return new Mask(data, mask.batch(), mask.height(), mask.width());
    }

    private static float[] shares(int size, int before, int after) {
        float[] shares = new float[size];
        Arrays.fill(shares, 1f);
        int first = Math.min(before, size);
        for (int i = 0; i < first; i++) {
            shares[i] *= (i + 1f) / first;
        }
        int last = Math.min(after, size);
        for (int i = 0; i < last; i++) {
            shares[i == 0 ? 0 : size - i] *= (i + 1f) / last;
        }
        return shares;
    }

    public static Node growMask() {
        return new SimpleNode(
                NodeDefinition.of("GrowMask", "comfy_extras.nodes_mask")
                        .category("mask")
                        .required("mask", link("MASK"))
                        .required("expand", integer(0).between(-16384, 16384).step(1))
                        .required("tapered_corners", flag(true))
                        .output("MASK")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                grown(
                                        in.mask("mask"),
                                        in.integer("expand"),
                                        in.flag("tapered_corners"),
                                        context)));
    }

    /// Grows (or with a negative number shrinks) what is bright by so many places.
    ///
    /// @param tapered whether corners stay behind: each step takes the four neighbours, not all eight
    static Mask grown(Mask mask, int steps, boolean tapered, NodeContext context) {
        Grid grid = Grids.of(mask);
        if (!tapered) {
            int size = 2 * Math.abs(steps) + 1;
            return Grids.mask(Filters.extreme(grid, size, steps > 0));
        }
        for (int i = 0; i < Math.abs(steps); i++) {
            context.checkStop();
            grid = Filters.cross(grid, steps > 0);
        }
        return Grids.mask(grid);
    }
}
