package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.Grids;

/// Mixes two pictures by one of the usual rules; the second is scaled to the first.
public final class ImageBlend implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ImageBlend", "comfy_extras.nodes_post_processing")
                .displayed(null)
                .category("image/postprocessing")
                .required("image1", link("IMAGE"))
                .required("image2", link("IMAGE"))
                .required("blend_factor", decimal(0.5).between(0, 1).step(0.01))
                .required(
                        "blend_mode",
                        choice(
                                "normal",
                                "multiply",
                                "screen",
                                "overlay",
                                "soft_light",
                                "difference"))
                .output("IMAGE")
                .trait(Trait.NEWER_STYLE)
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Image first = in.image("image1");
        Image second = Grids.withChannels(in.image("image2"), first.channels());
        if (first.width() != second.width() || first.height() != second.height()) {
            second = Scaled.of(second, "bicubic", first.width(), first.height(), true);
        }
        float share = (float) in.decimal("blend_factor");
        String mode = in.text("blend_mode");
        int batch = Math.max(first.batch(), second.batch());
        int size = first.data().length / first.batch();
        float[] data = new float[Math.multiplyExact(size, batch)];
        for (int i = 0; i < data.length; i++) {
            float a = first.data()[i % first.data().length];
            float b = blended(mode, a, second.data()[i % second.data().length]);
            data[i] = Math.clamp(a * (1f - share) + b * share, 0f, 1f);
        }
        return Outputs.of(new Image(data, batch, first.height(), first.width(), first.channels()));
    }

    private static float blended(String mode, float a, float b) {
        return switch (mode) {
            case "multiply" -> a * b;
            case "screen" -> 1 - (1 - a) * (1 - b);
            case "overlay" -> a <= 0.5f ? 2 * a * b : 1 - 2 * (1 - a) * (1 - b);
            case "soft_light" ->
                    b <= 0.5f
                            ? a - (1 - 2 * b) * a * (1 - a)
                            : a + (2 * b - 1) * (lightened(a) - a);
            case "difference" -> a - b;
            default -> b;
        };
    }

    private static float lightened(float a) {
        return a <= 0.25f ? ((16 * a - 12) * a + 4) * a : (float) Math.sqrt(a);
    }
}
