package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.text;

import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.diffusion.sampling.PromptNumber;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import comfyserverless.runner.nodes.model.ModelHandle;
import java.util.List;
import java.util.Map;

/// The nodes that encode prompts for Flux, and tell its network how strongly to guide itself.
public final class FluxNodes {
    private static final String MODULE = "comfy_extras.nodes_flux";
    private static final String CATEGORY = "advanced/conditioning/flux";
    private static final String T5 = "t5xxl";

    private FluxNodes() {}

    public static List<Node> all() {
        return List.of(clipTextEncodeFlux(), fluxGuidance(), fluxDisableGuidance());
    }

    private static Node clipTextEncodeFlux() {
        return new SimpleNode(
                NodeDefinition.of("CLIPTextEncodeFlux", MODULE)
                        .displayed(null)
                        .category(CATEGORY)
                        .required("clip", link("CLIP"))
                        .required("clip_l", text().multiline().dynamicPrompts())
                        .required("t5xxl", text().multiline().dynamicPrompts())
                        .required("guidance", guidance())
                        .output("CONDITIONING")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                FluxNodes::encoded);
    }

    private static Node fluxGuidance() {
        return new SimpleNode(
                NodeDefinition.of("FluxGuidance", MODULE)
                        .displayed(null)
                        .category(CATEGORY)
                        .required("conditioning", link("CONDITIONING"))
                        .required("guidance", guidance())
                        .output("CONDITIONING")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> told(in, in.decimal("guidance")));
    }

    private static Node fluxDisableGuidance() {
        return new SimpleNode(
                NodeDefinition.of("FluxDisableGuidance", MODULE)
                        .displayed(null)
                        .category(CATEGORY)
                        .describe("Tells Flux and its kin nothing of the guidance.")
                        .required("conditioning", link("CONDITIONING"))
                        .output("CONDITIONING")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> told(in, Double.NaN));
    }

    private static InputSpec guidance() {
        return decimal(3.5).between(0, 100).step(0.1);
    }

    private static Outputs encoded(Inputs in, NodeContext context) {
        ModelHandle.Encoder clip = in.handle("clip", ModelHandle.Encoder.class);
        EncoderNames.require(clip, T5, "Flux");
        Prompt prompt = new Prompt(in.text("clip_l"), Map.of(T5, in.text("t5xxl")));
        return Outputs.of(
                new Prompts(
                                List.of(
                                        CLIPTextEncode.encoded(prompt, clip)
                                                .with(
                                                        PromptNumber.GUIDANCE,
                                                        in.decimal("guidance"))))
                        .value());
    }

    private static Outputs told(Inputs in, double guidance) {
        return Outputs.of(
                in.handle("conditioning", Prompts.class)
                        .each(prompt -> prompt.with(PromptNumber.GUIDANCE, guidance))
                        .value());
    }
}
