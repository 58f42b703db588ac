package comfyserverless.diffusion.clip;

import comfyserverless.diffusion.adapter.LoraNames;
import comfyserverless.diffusion.model.TextDesign;
import comfyserverless.diffusion.text.PromptEncoder;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.List;
import java.util.Map;

/// The families whose text encoders are all of CLIP.
public enum ClipDesign implements TextDesign {
    /// CLIP-L: Stable Diffusion 1.
    SD1(ClipSettings.SD1_L),
    /// OpenCLIP-H: Stable Diffusion 2.
    SD2(ClipSettings.SD2_H),
    /// OpenCLIP-G: the refiner of Stable Diffusion XL.
    REFINER(ClipSettings.SDXL_G),
    /// CLIP-L and OpenCLIP-G: Stable Diffusion XL.
    SDXL(ClipSettings.SDXL_L, ClipSettings.SDXL_G);

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<ClipSettings> settings;

    ClipDesign(ClipSettings... settings) {
        this.settings = List.of(settings);
    }

    @Override
    public PromptEncoder build(Torch torch, List<Weights> parts, Scope owner) {
        ClipEncoder first = new ClipEncoder(torch, parts.getFirst(), owner, settings.getFirst());
        return settings.size() == 1
                ? new ClipPrompts(first)
                : new DualClipPrompts(
                        first, new ClipEncoder(torch, parts.get(1), owner, settings.get(1)));
    }

    @Override
    public Map<String, String> adapterNames(int part, StateDict weights) {
        return LoraNames.ofText(weights, settings.get(part).name(), part);
    }
}
