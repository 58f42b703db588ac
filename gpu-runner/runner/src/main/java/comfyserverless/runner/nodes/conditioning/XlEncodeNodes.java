package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.text;

import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.PromptNumber;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import comfyserverless.runner.nodes.model.ModelHandle;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The nodes that encode prompts for Stable Diffusion XL and its refiner, with the sizes that these are told.
public final class XlEncodeNodes {
    private static final String MODULE = "comfy_extras.nodes_clip_sdxl";
    private static final String CATEGORY = "advanced/conditioning";
    private static final int MOST = 16384;

    private XlEncodeNodes() {}

    public static Node clipTextEncodeSdxl() {
        return new SimpleNode(
                NodeDefinition.of("CLIPTextEncodeSDXL", MODULE)
                        .displayed(null)
                        .category(CATEGORY)
                        .required("clip", link("CLIP"))
                        .required("width", size(1024))
                        .required("height", size(1024))
                        .required("crop_w", size(0))
                        .required("crop_h", size(0))
                        .required("target_width", size(1024))
                        .required("target_height", size(1024))
                        .required("text_g", text().multiline().dynamicPrompts())
                        .required("text_l", text().multiline().dynamicPrompts())
                        .output("CONDITIONING")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                XlEncodeNodes::xl);
    }

    public static Node clipTextEncodeSdxlRefiner() {
        return new SimpleNode(
                NodeDefinition.of("CLIPTextEncodeSDXLRefiner", MODULE)
                        .displayed(null)
                        .category(CATEGORY)
                        .required("ascore", decimal(6).between(0, 1000).step(0.01))
                        .required("width", size(1024))
                        .required("height", size(1024))
                        .required("text", text().multiline().dynamicPrompts())
                        .required("clip", link("CLIP"))
                        .output("CONDITIONING")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                XlEncodeNodes::refiner);
    }

    private static InputSpec size(int preset) {
        return integer(preset).between(0, MOST);
    }

    private static Outputs xl(Inputs in, NodeContext context) {
        ModelHandle.Encoder clip = in.handle("clip", ModelHandle.Encoder.class);
        Set<String> encoders = clip.use(encoder -> encoder.names());
        if (!encoders.contains("g")) {
            throw new NodeException(
                    "KeyError",
                    "the text encoders of Stable Diffusion XL are needed, but these are "
                            + String.join(", ", encoders));
        }
        Prompt prompt = new Prompt(in.text("text_g"), Map.of("l", in.text("text_l")));
        return encoded(
                CLIPTextEncode.encoded(prompt, clip, context)
                        .with(PromptNumber.WIDTH, in.integer("width"))
                        .with(PromptNumber.HEIGHT, in.integer("height"))
                        .with(PromptNumber.CROP_WIDTH, in.integer("crop_w"))
                        .with(PromptNumber.CROP_HEIGHT, in.integer("crop_h"))
                        .with(PromptNumber.TARGET_WIDTH, in.integer("target_width"))
                        .with(PromptNumber.TARGET_HEIGHT, in.integer("target_height")));
    }

    private static Outputs refiner(Inputs in, NodeContext context) {
        ModelHandle.Encoder clip = in.handle("clip", ModelHandle.Encoder.class);
        return encoded(
                CLIPTextEncode.encoded(Prompt.of(in.text("text")), clip, context)
                        .with(PromptNumber.AESTHETIC_SCORE, in.decimal("ascore"))
                        .with(PromptNumber.WIDTH, in.integer("width"))
                        .with(PromptNumber.HEIGHT, in.integer("height")));
    }

    private static Outputs encoded(Conditioning conditioning) {
        return Outputs.of(new Prompts(List.of(conditioning)).value());
    }
}
