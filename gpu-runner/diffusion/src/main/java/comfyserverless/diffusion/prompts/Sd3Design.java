package comfyserverless.diffusion.prompts;

import comfyserverless.diffusion.clip.ClipEncoder;
import comfyserverless.diffusion.clip.ClipSettings;
import comfyserverless.diffusion.model.TextDesign;
import comfyserverless.diffusion.t5.T5Encoder;
import comfyserverless.diffusion.text.PromptEncoder;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Stable Diffusion 3's text encoders, any of which may be missing.
///
/// @param kinds those that are there, in the order of [Part]
record Sd3Design(List<Part> kinds) implements TextDesign {

    @Override
    public PromptEncoder build(Torch torch, List<Weights> parts, Scope owner) {
        Weights t5 = of(Part.T5, parts);
        return new Sd3Prompts(
                clip(torch, of(Part.CLIP_L, parts), owner, ClipSettings.SD3_L),
                clip(torch, of(Part.CLIP_G, parts), owner, ClipSettings.SDXL_G),
                t5 == null ? null : new T5Encoder(torch, t5, owner));
    }

    private @Nullable Weights of(Part part, List<Weights> parts) {
        int place = kinds.indexOf(part);
        return place < 0 ? null : parts.get(place);
    }

    private static @Nullable ClipEncoder clip(
            Torch torch, @Nullable Weights weights, Scope owner, ClipSettings settings) {
        return weights == null ? null : new ClipEncoder(torch, weights, owner, settings);
    }

    @Override
    public DType heldAs(int part, StateDict weights, DType preferred) {
        return kinds.get(part) == Part.T5 ? T5Encoder.heldAs(weights) : preferred;
    }

    @Override
    public Map<String, String> adapterNames(int part, StateDict weights) {
        return Texts.adapterNames(kinds.get(part), part, weights);
    }
}
