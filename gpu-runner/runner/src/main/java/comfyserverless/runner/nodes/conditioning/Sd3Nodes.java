package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.text;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import comfyserverless.runner.nodes.model.ModelHandle;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The node that tells each of Stable Diffusion 3's text encoders something of its own.
public final class Sd3Nodes {
    private static final String NONE = "none";

    private Sd3Nodes() {}

    public static Node clipTextEncodeSd3() {
        return new SimpleNode(
                NodeDefinition.of("CLIPTextEncodeSD3", "comfy_extras.nodes_sd3")
                        .displayed(null)
                        .category("advanced/conditioning")
                        .required("clip", link("CLIP"))
                        .required("clip_l", text().multiline().dynamicPrompts())
                        .required("clip_g", text().multiline().dynamicPrompts())
                        .required("t5xxl", text().multiline().dynamicPrompts())
                        .required("empty_padding", choice(NONE, "empty_prompt"))
                        .output("CONDITIONING")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                Sd3Nodes::encoded);
    }

    private static Outputs encoded(Inputs in, NodeContext context) {
        ModelHandle.Encoder clip = in.handle("clip", ModelHandle.Encoder.class);
        Map<String, String> said =
                Map.of(
                        "l", in.text("clip_l"),
                        "g", in.text("clip_g"),
                        "t5xxl", in.text("t5xxl"));
        Set<String> silent = new HashSet<>();
        if (in.text("empty_padding").equals(NONE)) {
            said.forEach((encoder, what) -> {
                if (what.isEmpty()) {
                    silent.add(encoder);
                }
            });
        }
        Prompt prompt = new Prompt(in.text("clip_g"), said, silent);
        return Outputs.of(new Prompts(List.of(CLIPTextEncode.encoded(prompt, clip))).value());
    }
}
