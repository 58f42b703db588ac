package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.flag;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Compositing;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.nodes.Grids;
import java.util.Arrays;
import java.util.List;

/// Puts two pictures side by side or over one another, with a coloured gap between them.
public final class ImageStitch implements Node {
    private static final List<String> COLOURS = List.of("red", "green", "blue");

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ImageStitch", "comfy_extras.nodes_images")
                .displayed("Image Stitch")
                .category("image/transform")
                .required("image1", link("IMAGE"))
                .required("direction", choice("right", "down", "left", "up").preset("right"))
                .required("match_image_size", flag(true))
                .required("spacing_width", integer(0).between(0, 1024).step(2))
                .required(
                        "spacing_color",
                        choice("white", "black", "red", "green", "blue").preset("white"))
                .optional("image2", link("IMAGE"))
                .output("IMAGE")
                .build();
    }

    /// Where the second picture goes, and what lies between.
    private record Layout(boolean across, boolean first, int gap, String colour) {
        static Layout of(Inputs in) {
            String direction = in.text("direction");
            int gap = in.integer("spacing_width");
            return new Layout(
                    direction.equals("right") || direction.equals("left"),
                    direction.equals("left") || direction.equals("up"),
                    gap + gap % 2,
                    in.text("spacing_color"));
        }

        float value(int channel) {
            int named = COLOURS.indexOf(colour);
            return switch (colour) {
                case "white" -> 1f;
                case "black" -> channel == 3 ? 1f : 0f;
                default -> channel == named || channel == 3 ? 1f : 0f;
            };
        }

        /// What fills beside a picture that is smaller than the other: coloured gaps have a black border.
        float border() {
            return colour.equals("white") ? 1f : 0f;
        }
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image first = in.image("image1");
        if (!in.has("image2")) {
            return Outputs.of(first);
        }
        Image second = in.image("image2");
        Layout layout = Layout.of(in);
        int batch = Math.max(first.batch(), second.batch());
        first = Batches.extended(first, batch);
        second = Batches.extended(second, batch);
        if (in.flag("match_image_size")) {
            second = matched(second, first, layout);
        } else {
            first = padded(first, second, layout);
            second = padded(second, first, layout);
        }
        int channels = Math.max(first.channels(), second.channels());
        first = Grids.withChannels(first, channels);
        second = Grids.withChannels(second, channels);
        return Outputs.of(
                layout.first() ? joined(second, first, layout) : joined(first, second, layout));
    }

    /// Scales `image` so that the sides that meet are equal.
    private static Image matched(Image image, Image other, Layout layout) {
        double aspect = (double) image.width() / image.height();
        int width = layout.across() ? (int) (other.height() * aspect) : other.width();
        int height = layout.across() ? other.height() : (int) (other.width() / aspect);
        return Scaled.of(image, "lanczos", Math.max(1, width), Math.max(1, height), false);
    }

    /// Centres `image` where `other` is larger on the side where they meet.
    private static Image padded(Image image, Image other, Layout layout) {
        int height = layout.across() ? Math.max(image.height(), other.height()) : image.height();
        int width = layout.across() ? image.width() : Math.max(image.width(), other.width());
        Image ground =
                Grids.withChannels(Image.black(image.batch(), height, width), image.channels());
        Arrays.fill(ground.data(), layout.border());
        int x = (width - image.width()) / 2;
        int y = (height - image.height()) / 2;
        return Grids.image(Compositing.paste(Grids.of(ground), Grids.of(image), x, y, null));
    }

    private static Image joined(Image first, Image second, Layout layout) {
        int width = layout.across() ? first.width() + layout.gap() + second.width() : first.width();
        int height =
                layout.across() ? first.height() : first.height() + layout.gap() + second.height();
        Image out = Grids.withChannels(Image.black(first.batch(), height, width), first.channels());
        for (int i = 0; i < out.data().length; i++) {
            out.data()[i] = layout.value(i % out.channels());
        }
        int x = layout.across() ? first.width() + layout.gap() : 0;
        int y = layout.across() ? 0 : first.height() + layout.gap();
        Grid both = Compositing.paste(Grids.of(out), Grids.of(first), 0, 0, null);
        return Grids.image(Compositing.paste(both, Grids.of(second), x, y, null));
    }
}
