package comfyserverless.runner.nodes.sampling;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.flag;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import com.fasterxml.jackson.databind.node.DoubleNode;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.sampling.ModelSampling;
import comfyserverless.diffusion.sampling.SigmaFormulas;
import comfyserverless.diffusion.sampling.Sigmas;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import java.util.List;
import java.util.Locale;

/// The nodes that change noise levels (nodes_custom_sampler, ComfyUI 0.3.64).
public final class SigmaNodes {
    private SigmaNodes() {}

    public static List<Node> all() {
        return List.of(
                splitSigmas(),
                splitSigmasDenoise(),
                flipSigmas(),
                setFirstSigma(),
                extendIntermediateSigmas(),
                samplingPercentToSigma());
    }

    static Node splitSigmas() {
        return new SimpleNode(
                NodeDefinition.of("SplitSigmas", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/sigmas")
                        .required("sigmas", link("SIGMAS"))
                        .required("step", integer(0).between(0, 10000))
                        .output("SIGMAS", "high_sigmas")
                        .output("SIGMAS", "low_sigmas")
                        .build(),
                (in, context) -> {
                    Sigmas all = SocketTypes.SIGMAS.of(in, "sigmas");
                    int step = in.integer("step");
                    return Outputs.of(
                            SocketTypes.SIGMAS.value(all.upTo(step)),
                            SocketTypes.SIGMAS.value(all.from(step)));
                });
    }

    static Node splitSigmasDenoise() {
        return new SimpleNode(
                NodeDefinition.of("SplitSigmasDenoise", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/sigmas")
                        .required("sigmas", link("SIGMAS"))
                        .required("denoise", decimal(1).between(0, 1).step(0.01))
                        .output("SIGMAS", "high_sigmas")
                        .output("SIGMAS", "low_sigmas")
                        .build(),
                (in, context) -> {
                    Sigmas[] parts =
                            SigmaFormulas.split(
                                    SocketTypes.SIGMAS.of(in, "sigmas"), in.decimal("denoise"));
                    return Outputs.of(
                            SocketTypes.SIGMAS.value(parts[0]), SocketTypes.SIGMAS.value(parts[1]));
                });
    }

    static Node flipSigmas() {
        return new SimpleNode(
                NodeDefinition.of("FlipSigmas", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/sigmas")
                        .required("sigmas", link("SIGMAS"))
                        .output("SIGMAS")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        SocketTypes.SIGMAS.of(in, "sigmas").flipped())));
    }

    static Node setFirstSigma() {
        return new SimpleNode(
                NodeDefinition.of("SetFirstSigma", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/sigmas")
                        .required("sigmas", link("SIGMAS"))
                        .required(
                                "sigma",
                                decimal(136).between(0, 20000).step(0.001).with("round", false))
                        .output("SIGMAS")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        SocketTypes.SIGMAS
                                                .of(in, "sigmas")
                                                .beginningAt(in.decimal("sigma")))));
    }

    static Node extendIntermediateSigmas() {
        return new SimpleNode(
                NodeDefinition.of("ExtendIntermediateSigmas", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/sigmas")
                        .required("sigmas", link("SIGMAS"))
                        .required("steps", integer(2).between(1, 100))
                        .required(
                                "start_at_sigma",
                                decimal(-1).between(-1, 20000).step(0.01).with("round", false))
                        .required(
                                "end_at_sigma",
                                decimal(12).between(0, 20000).step(0.01).with("round", false))
                        .required("spacing", choice("linear", "cosine", "sine"))
                        .output("SIGMAS")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                SocketTypes.SIGMAS.value(
                                        SigmaFormulas.extended(
                                                SocketTypes.SIGMAS.of(in, "sigmas"),
                                                in.integer("steps"),
                                                in.decimal("start_at_sigma"),
                                                in.decimal("end_at_sigma"),
                                                SigmaFormulas.Spacing.valueOf(
                                                        in.text("spacing")
                                                                .toUpperCase(Locale.ROOT))))));
    }

    static Node samplingPercentToSigma() {
        return new SimpleNode(
                NodeDefinition.of("SamplingPercentToSigma", "comfy_extras.nodes_custom_sampler")
                        .category("sampling/custom_sampling/sigmas")
                        .required("model", link("MODEL").tooltip("Its noise levels are meant."))
                        .required("sampling_percent", decimal(0).between(0, 1).step(0.0001))
                        .required("return_actual_sigma", flag(false))
                        .output("FLOAT", "sigma_value")
                        .build(),
                (in, context) -> Outputs.of(DoubleNode.valueOf(sigmaAt(in))));
    }

    private static double sigmaAt(Inputs in) {
        ModelSampling model = SchedulerNodes.levels(in);
        double percent = in.decimal("sampling_percent");
        if (in.flag("return_actual_sigma") && percent == 0) {
            return model.sigmaMax();
        }
        return in.flag("return_actual_sigma") && percent == 1
                ? model.sigmaMin()
                : model.percentToSigma(percent);
    }
}
