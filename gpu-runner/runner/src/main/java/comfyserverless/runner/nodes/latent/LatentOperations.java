package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Filters;
import comfyserverless.runner.nodes.Grids;
import comfyserverless.runner.nodes.SimpleNode;
import comfyserverless.runner.nodes.model.ModelHandle;

/// The nodes that make and apply changes of latents (nodes_latent, ComfyUI 0.3.64).
public final class LatentOperations {
    private static final float SHARPER = 10f;

    private LatentOperations() {}

    public static Node latentApplyOperation() {
        return new SimpleNode(
                NodeDefinition.of("LatentApplyOperation", "comfy_extras.nodes_latent")
                        .displayed(null)
                        .category("latent/advanced/operations")
                        .required("samples", link("LATENT"))
                        .required("operation", link("LATENT_OPERATION"))
                        .output("LATENT")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) ->
                        Outputs.of(
                                in.handle("operation", LatentOperation.class)
                                        .apply(in.latent("samples"))));
    }

    public static Node latentApplyOperationCfg() {
        return new SimpleNode(
                NodeDefinition.of("LatentApplyOperationCFG", "comfy_extras.nodes_latent")
                        .displayed(null)
                        .category("latent/advanced/operations")
                        .required("model", link("MODEL"))
                        .required("operation", link("LATENT_OPERATION"))
                        .output("MODEL")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    LatentOperation operation = in.handle("operation", LatentOperation.class);
                    ModelHandle.Network model = in.handle("model", ModelHandle.Network.class);
                    SidesPatch patch = (sides, step) -> guided(operation, sides);
                    return Outputs.of(model.with(patch).value());
                });
    }

    /// Changes how far the positive prompts lead away from the negative ones.
    static SidesPatch.Sides guided(LatentOperation operation, SidesPatch.Sides sides) {
        float[] base = sides.negative().data();
        float[] way = sides.positive().data().clone();
        for (int i = 0; i < way.length; i++) {
            way[i] -= base[i];
        }
        long[] shape = sides.positive().shape();
        Latent led =
                new Latent(way, (int) shape[0], (int) shape[1], (int) shape[2], (int) shape[3]);
        float[] changed = operation.apply(led).data().clone();
        for (int i = 0; i < changed.length; i++) {
            changed[i] += base[i];
        }
        return new SidesPatch.Sides(new HostTensor(changed, shape), sides.negative());
    }

    public static Node latentOperationTonemapReinhard() {
        return new SimpleNode(
                NodeDefinition.of("LatentOperationTonemapReinhard", "comfy_extras.nodes_latent")
                        .displayed(null)
                        .category("latent/advanced/operations")
                        .required("multiplier", decimal(1).between(0, 100).step(0.01))
                        .output("LATENT_OPERATION")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    double multiplier = in.decimal("multiplier");
                    LatentOperation operation = latent -> tonemapped(latent, multiplier);
                    return Outputs.of(operation.value());
                });
    }

    /// Softens the longest channel vectors: none is longer than mean and five deviations times a factor.
    private static Latent tonemapped(Latent latent, double multiplier) {
        int area = latent.height() * latent.width();
        int item = latent.channels() * area;
        float[] data = latent.data().clone();
        for (int plane = 0; plane < latent.batch(); plane++) {
            float[] lengths = new float[area];
            double sum = 0;
            for (int i = 0; i < area; i++) {
                lengths[i] =
                        LatentMath.length(data, plane * item + i, area, latent.channels()) + 1e-10f;
                sum += lengths[i];
            }
            double mean = sum / area;
            double squares = 0;
            for (float length : lengths) {
                squares += (length - mean) * (length - mean);
            }
            double top = (Math.sqrt(squares / (area - 1)) * 5 + mean) * multiplier;
            for (int i = 0; i < item; i++) {
                double part = lengths[i % area] / top;
                data[plane * item + i] *= (float) (part / (part + 1) * top / lengths[i % area]);
            }
        }
        return latent.withData(data);
    }

    public static Node latentOperationSharpen() {
        return new SimpleNode(
                NodeDefinition.of("LatentOperationSharpen", "comfy_extras.nodes_latent")
                        .displayed(null)
                        .category("latent/advanced/operations")
                        .required("sharpen_radius", integer(9).between(1, 31).step(1))
                        .required("sigma", decimal(1).between(0.1, 10).step(0.1))
                        .required("alpha", decimal(0.1).between(0, 5).step(0.01))
                        .output("LATENT_OPERATION")
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    int radius = in.integer("sharpen_radius");
                    double sigma = in.decimal("sigma");
                    float more = (float) in.decimal("alpha") * SHARPER;
                    LatentOperation operation = latent -> sharpened(latent, radius, sigma, more);
                    return Outputs.of(operation.value());
                });
    }

    /// Sharpens the directions of the channel vectors, keeping their lengths apart.
    private static Latent sharpened(Latent latent, int radius, double sigma, float more) {
        int area = latent.height() * latent.width();
        int item = latent.channels() * area;
        float[] lengths = new float[latent.batch() * area];
        float[] units = new float[latent.data().length];
        for (int i = 0; i < units.length; i++) {
            int place = i / item * area + i % area;
            if (i % item < area) {
                lengths[place] =
                        LatentMath.length(latent.data(), i, area, latent.channels()) + 1e-6f;
            }
            units[i] = latent.data()[i] / lengths[place];
        }
        float[] blurred =
                Filters.gaussian(Grids.of(latent.withData(units)), radius, sigma).planar();
        float[] data = new float[units.length];
        for (int i = 0; i < data.length; i++) {
            float sharp = units[i] + more * (units[i] - blurred[i]);
            data[i] = sharp * lengths[i / item * area + i % area];
        }
        return latent.withData(data);
    }
}
