package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// The nodes that join latents, cut parts out of them and regroup their batches.
public final class LatentParts {
    private LatentParts() {}

    public static Node latentConcat() {
        return new SimpleNode(
                NodeDefinition.of("LatentConcat", "comfy_extras.nodes_latent")
                        .displayed(null)
                        .category("latent/advanced")
                        .required("samples1", link("LATENT"))
                        .required("samples2", link("LATENT"))
                        .required("dim", choice("x", "-x", "y", "-y", "t", "-t"))
                        .output("LATENT")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    String dim = in.text("dim");
                    Latent first = in.latent("samples1");
                    Latent second = in.latent("samples2");
                    return Outputs.of(
                            dim.startsWith("-")
                                    ? joined(second, first, first, Dimension.of(dim))
                                    : joined(first, second, first, Dimension.of(dim)));
                });
    }

    public static Node latentCut() {
        return new SimpleNode(
                NodeDefinition.of("LatentCut", "comfy_extras.nodes_latent")
                        .displayed(null)
                        .category("latent/advanced")
                        .required("samples", link("LATENT"))
                        .required("dim", choice("x", "y", "t"))
                        .required("index", integer(0).between(-16384, 16384).step(1))
                        .required("amount", integer(1).between(1, 16384).step(1))
                        .output("LATENT")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    Latent latent = in.latent("samples");
                    Dimension dimension = Dimension.of(in.text("dim"));
                    int size = dimension.size(latent);
                    int index = in.integer("index");
                    int from =
                            index >= 0 ? Math.min(index, size - 1) : Math.max(index, -size) + size;
                    int amount = Math.min(size - from, in.integer("amount"));
                    return Outputs.of(dimension.cut(latent, from, amount));
                });
    }

    public static Node latentBatch() {
        return new SimpleNode(
                NodeDefinition.of("LatentBatch", "comfy_extras.nodes_latent")
                        .displayed(null)
                        .category("latent/batch")
                        .required("samples1", link("LATENT"))
                        .required("samples2", link("LATENT"))
                        .output("LATENT")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    Latent first = in.latent("samples1");
                    return Outputs.of(
                            batched(
                                    first,
                                    LatentMath.fitted(in.latent("samples2"), first, "bilinear")));
                });
    }

    private static Latent batched(Latent first, Latent second) {
        float[] data = Arrays.copyOf(first.data(), first.data().length + second.data().length);
        System.arraycopy(second.data(), 0, data, first.data().length, second.data().length);
        List<Integer> places = new ArrayList<>(places(first, 0));
        places.addAll(places(second, 0));
        return new Latent(
                data,
                first.batch() + second.batch(),
                first.channels(),
                first.height(),
                first.width(),
                first.noiseMask(),
                places);
    }

    static List<Integer> places(Latent latent, int from) {
        return latent.batchIndex().isEmpty()
                ? IntStream.range(from, from + latent.batch()).boxed().toList()
                : latent.batchIndex();
    }

    public static Node latentBatchSeedBehavior() {
        return new SimpleNode(
                NodeDefinition.of("LatentBatchSeedBehavior", "comfy_extras.nodes_latent")
                        .displayed(null)
                        .category("latent/advanced")
                        .required("samples", link("LATENT"))
                        .required("seed_behavior", choice("random", "fixed").preset("fixed"))
                        .output("LATENT")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    Latent latent = in.latent("samples");
                    int first = latent.batchIndex().isEmpty() ? 0 : latent.batchIndex().getFirst();
                    List<Integer> places =
                            in.text("seed_behavior").equals("fixed")
                                    ? Collections.nCopies(latent.batch(), first)
                                    : List.of();
                    return Outputs.of(
                            new Latent(
                                    latent.data(),
                                    latent.batch(),
                                    latent.channels(),
                                    latent.height(),
                                    latent.width(),
                                    latent.noiseMask(),
                                    places));
                });
    }

    /// Along which side latents are joined and cut; without frames `t` is the channels.
    private enum Dimension {
        X,
        Y,
        T;

        static Dimension of(String word) {
            return word.endsWith("x") ? X : word.endsWith("y") ? Y : T;
        }

        int size(Latent latent) {
            return switch (this) {
                case X -> latent.width();
                case Y -> latent.height();
                case T -> latent.channels();
            };
        }

        /// How many numbers one step along this side is.
        int step(Latent latent) {
            return switch (this) {
                case X -> 1;
                case Y -> latent.width();
                case T -> latent.width() * latent.height();
            };
        }

        Latent sized(float[] data, Latent like, int size) {
            return new Latent(
                    data,
                    like.batch(),
                    this == T ? size : like.channels(),
                    this == Y ? size : like.height(),
                    this == X ? size : like.width(),
                    like.noiseMask(),
                    like.batchIndex());
        }

        Latent cut(Latent latent, int from, int amount) {
            int run = size(latent) * step(latent);
            int kept = amount * step(latent);
            float[] data = new float[latent.data().length / size(latent) * amount];
            for (int i = 0; i < data.length / kept; i++) {
                System.arraycopy(
                        latent.data(), i * run + from * step(latent), data, i * kept, kept);
            }
            return sized(data, latent, amount);
        }
    }

    /// One latent behind the other along a side; batches repeat to that of `like`.
    private static Latent joined(Latent first, Latent second, Latent like, Dimension side) {
        int runA = side.size(first) * side.step(first);
        int runB = side.size(second) * side.step(second);
        int lines = like.data().length / (side.size(like) * side.step(like));
        boolean fits =
                first.data().length / first.batch() / runA
                                == second.data().length / second.batch() / runB
                        && side.step(first) == side.step(second);
        if (!fits) {
            throw new NodeException(
                    "RuntimeError",
                    first
                            + " and "
                            + second
                            + " do not fit together along "
                            + side.name().toLowerCase(Locale.ROOT));
        }
        float[] data = new float[Math.multiplyExact(lines, runA + runB)];
        for (int i = 0; i < lines; i++) {
            int to = i * (runA + runB);
            System.arraycopy(first.data(), i * runA % first.data().length, data, to, runA);
            System.arraycopy(second.data(), i * runB % second.data().length, data, to + runA, runB);
        }
        return side.sized(data, like, side.size(first) + side.size(second));
    }
}
