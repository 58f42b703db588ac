package comfyserverless.diffusion.prompts;

import comfyserverless.diffusion.clip.ClipEncoder;
import comfyserverless.diffusion.clip.ClipSettings;
import comfyserverless.diffusion.model.TextDesign;
import comfyserverless.diffusion.t5.T5Encoder;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptEncoder;
import comfyserverless.diffusion.text.PromptEncoding;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// Flux's text encoders: T5 gives what the network reads token by token, CLIP-L the pooled text (`FluxClipModel`,
/// ComfyUI 0.3.64).
enum FluxDesign implements TextDesign {
    INSTANCE;

    static final List<Part> PARTS = List.of(Part.CLIP_L, Part.T5);
    private static final int SHORTEST = 256;

    @Override
    public PromptEncoder build(Torch torch, List<Weights> parts, Scope owner) {
        return new Prompts(
                new ClipEncoder(torch, parts.getFirst(), owner, ClipSettings.FLUX_L),
                new T5Encoder(torch, parts.getLast(), owner));
    }

    @Override
    public DType heldAs(int part, StateDict weights, DType preferred) {
        return PARTS.get(part) == Part.T5 ? T5Encoder.heldAs(weights) : preferred;
    }

    @Override
    public Map<String, String> adapterNames(int part, StateDict weights) {
        return Texts.adapterNames(PARTS.get(part), part, weights);
    }

    private record Prompts(ClipEncoder clip, T5Encoder t5) implements PromptEncoder {

        @Override
        public PromptEncoding encode(Prompt prompt, OptionalInt layer, Embeddings embeddings) {
            HostTensor hidden = Texts.of(t5, prompt, SHORTEST, layer, embeddings);
            String said = prompt.to(clip.settings().name());
            return new PromptEncoding(
                    hidden, Texts.of(clip, Texts.tokens(clip, said, embeddings), layer).pooled());
        }

        @Override
        public Set<String> names() {
            return Set.of(clip.settings().name(), Texts.T5);
        }
    }
}
