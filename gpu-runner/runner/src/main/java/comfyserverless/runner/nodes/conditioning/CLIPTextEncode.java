package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.text;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Output;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptEncoding;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.model.ModelHandle;
import java.util.List;

/// Encodes a prompt with a text encoder.
public final class CLIPTextEncode implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("CLIPTextEncode", "nodes")
                .displayed("CLIP Text Encode (Prompt)")
                .category("conditioning")
                .describe("Turns a prompt into what steers the sampler.")
                .required("text", text().multiline().dynamicPrompts().tooltip("The prompt."))
                .required("clip", link("CLIP").tooltip("The text encoder."))
                .output(new Output("CONDITIONING", "CONDITIONING", false, "The encoded prompt."))
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        ModelHandle.Encoder clip = in.handle("clip", ModelHandle.Encoder.class);
        Conditioning conditioning = encoded(Prompt.of(in.text("text")), clip, context);
        return Outputs.of(new Prompts(List.of(conditioning)).value());
    }

    /// A prompt for the whole picture.
    static Conditioning encoded(Prompt prompt, ModelHandle.Encoder clip, NodeContext context) {
        PromptEncoding encoding = clip.encode(prompt, context);
        return Conditioning.of(encoding.hidden(), encoding.pooled());
    }

    /// [#encoded(Prompt, ModelHandle.Encoder, NodeContext)] without textual inversions.
    static Conditioning encoded(Prompt prompt, ModelHandle.Encoder clip) {
        PromptEncoding encoding =
                clip.use(encoder -> encoder.encode(prompt, clip.layer(), Embeddings.NONE));
        return Conditioning.of(encoding.hidden(), encoding.pooled());
    }
}
