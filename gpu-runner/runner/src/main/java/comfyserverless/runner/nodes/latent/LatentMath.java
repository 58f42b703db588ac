package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;

/// The nodes that calculate with two latents or a number (nodes_latent, ComfyUI 0.3.64). The second latent
/// takes the size and the batch of the first.
public final class LatentMath {
    private LatentMath() {}

    public static Node latentAdd() {
        return new SimpleNode(
                NodeDefinition.of("LatentAdd", "comfy_extras.nodes_latent")
                        .displayed(null)
                        .category("latent/advanced")
                        .required("samples1", link("LATENT"))
                        .required("samples2", link("LATENT"))
                        .output("LATENT")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> Outputs.of(both(in, (a, b) -> a + b)));
    }

    public static Node latentSubtract() {
        return new SimpleNode(
                NodeDefinition.of("LatentSubtract", "comfy_extras.nodes_latent")
                        .displayed(null)
                        .category("latent/advanced")
                        .required("samples1", link("LATENT"))
                        .required("samples2", link("LATENT"))
                        .output("LATENT")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> Outputs.of(both(in, (a, b) -> a - b)));
    }

    public static Node latentMultiply() {
        return new SimpleNode(
                NodeDefinition.of("LatentMultiply", "comfy_extras.nodes_latent")
                        .displayed(null)
                        .category("latent/advanced")
                        .required("samples", link("LATENT"))
                        .required("multiplier", decimal(1).between(-10, 10).step(0.01))
                        .output("LATENT")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        Outputs.of(times(in.latent("samples"), (float) in.decimal("multiplier"))));
    }

    public static Node latentInterpolate() {
        return new SimpleNode(
                NodeDefinition.of("LatentInterpolate", "comfy_extras.nodes_latent")
                        .displayed(null)
                        .category("latent/advanced")
                        .required("samples1", link("LATENT"))
                        .required("samples2", link("LATENT"))
                        .required("ratio", decimal(1).between(0, 1).step(0.01))
                        .output("LATENT")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> Outputs.of(between(in)));
    }

    public static Node latentBlend() {
        return new SimpleNode(
                NodeDefinition.of("LatentBlend", "nodes")
                        .displayed("Latent Blend")
                        .category("_for_testing")
                        .required("samples1", link("LATENT"))
                        .required("samples2", link("LATENT"))
                        .required("blend_factor", decimal(0.5).between(0, 1).step(0.01))
                        .output("LATENT")
                        .build(),
                (in, context) -> {
                    float share = (float) in.decimal("blend_factor");
                    return Outputs.of(
                            mixed(
                                    in.latent("samples1"),
                                    fitted(in.latent("samples2"), in.latent("samples1"), "bicubic"),
                                    (a, b) -> a * share + b * (1f - share)));
                });
    }

    @FunctionalInterface
    private interface Pair {
        float of(float a, float b);
    }

    private static Latent both(Inputs in, Pair pair) {
        Latent first = in.latent("samples1");
        return mixed(first, fitted(in.latent("samples2"), first, "bilinear"), pair);
    }

    private static Latent mixed(Latent first, Latent second, Pair pair) {
        float[] data = new float[first.data().length];
        for (int i = 0; i < data.length; i++) {
            data[i] = pair.of(first.data()[i], second.data()[i % second.data().length]);
        }
        return first.withData(data);
    }

    private static Latent times(Latent latent, float factor) {
        float[] data = latent.data().clone();
        for (int i = 0; i < data.length; i++) {
            data[i] *= factor;
        }
        return latent.withData(data);
    }

    /// The size of another latent, the middle part scaled.
    static Latent fitted(Latent latent, Latent other, String method) {
        if (latent.channels() != other.channels()) {
            throw new NodeException(
                    "RuntimeError", latent + " and " + other + " have different channels");
        }
        return latent.width() == other.width() && latent.height() == other.height()
                ? latent
                : ScaledLatent.of(latent, method, other.width(), other.height(), true);
    }

    /// Mixes directions and lengths of the channel vectors apart.
    private static Latent between(Inputs in) {
        Latent first = in.latent("samples1");
        Latent second = fitted(in.latent("samples2"), first, "bilinear");
        float share = (float) in.decimal("ratio");
        int area = first.height() * first.width();
        int item = first.channels() * area;
        float[] data = new float[first.data().length];
        for (int i = 0; i < first.batch() * area; i++) {
            int a = i / area * item + i % area;
            int b = i / area % second.batch() * item + i % area;
            float lengthA = length(first.data(), a, area, first.channels());
            float lengthB = length(second.data(), b, area, first.channels());
            for (int c = 0; c < first.channels(); c++) {
                data[a + c * area] =
                        unit(first.data()[a + c * area], lengthA) * share
                                + unit(second.data()[b + c * area], lengthB) * (1f - share);
            }
            float mixed = length(data, a, area, first.channels());
            float wanted = lengthA * share + lengthB * (1f - share);
            for (int c = 0; c < first.channels(); c++) {
                data[a + c * area] = unit(data[a + c * area], mixed) * wanted;
            }
        }
        return first.withData(data);
    }

    private static float unit(float value, float length) {
        return length == 0f ? 0f : value / length;
    }

    /// The length of the vector of all channels of a place.
    static float length(float[] data, int at, int area, int channels) {
        float sum = 0f;
        for (int c = 0; c < channels; c++) {
            sum += data[at + c * area] * data[at + c * area];
        }
        return (float) Math.sqrt(sum);
    }
}
