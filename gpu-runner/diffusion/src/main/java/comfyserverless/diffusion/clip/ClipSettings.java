package comfyserverless.diffusion.clip;

import comfyserverless.diffusion.text.ClipTokenizer;
import comfyserverless.diffusion.text.PromptTokenizer;

/// How one of CLIP's text encoders is used by a family of models: what its weights do not tell.
///
/// @param name the encoder's short name, by which prompts may speak to it alone: `l`, `g`, `h`
/// @param quick whether the layers take the quick approximation of gelu, x · sigmoid(1.702 x)
/// @param normed whether an inner layer's output passes through the final norm
/// @param layer the layer that is taken unless a prompt says otherwise, counted from the end; 0 for the encoder's result
/// @param projected whether the pooled vector passes through the text projection
/// @param padding the token behind the end of a prompt
public record ClipSettings(
        String name, boolean quick, boolean normed, int layer, boolean projected, int padding) {

    /// [#layer] for the result behind the last layer and the final norm.
    public static final int RESULT = 0;

    private static final int PENULTIMATE = -2;

    /// CLIP-L of Stable Diffusion 1.
    public static final ClipSettings SD1_L =
            new ClipSettings("l", true, true, RESULT, true, ClipTokenizer.END);

    /// CLIP-L of Stable Diffusion XL.
    public static final ClipSettings SDXL_L =
            new ClipSettings("l", true, false, PENULTIMATE, true, ClipTokenizer.END);

    /// CLIP-L of Stable Diffusion 3.
    public static final ClipSettings SD3_L =
            new ClipSettings("l", true, false, PENULTIMATE, false, ClipTokenizer.END);

    /// CLIP-L of Flux.
    public static final ClipSettings FLUX_L =
            new ClipSettings("l", true, true, RESULT, false, ClipTokenizer.END);

    /// OpenCLIP-G of Stable Diffusion XL and its refiner, and of Stable Diffusion 3.
    public static final ClipSettings SDXL_G =
            new ClipSettings("g", false, false, PENULTIMATE, true, 0);

    /// OpenCLIP-H of Stable Diffusion 2.
    public static final ClipSettings SD2_H =
            new ClipSettings("h", false, true, PENULTIMATE, true, 0);

    /// How a prompt is cut for it.
    ///
    /// @param width numbers per token vector
    public PromptTokenizer.Layout layout(int width) {
        return PromptTokenizer.Layout.clip("clip_" + name, width, padding);
    }
}
