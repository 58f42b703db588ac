package comfyserverless.diffusion.clip;

import comfyserverless.diffusion.adapter.LoraNames;
import comfyserverless.diffusion.model.TextDesign;
import comfyserverless.diffusion.model.TextPlan;
import comfyserverless.diffusion.text.PromptEncoder;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The families whose text encoders are all of CLIP.
public enum ClipDesign implements TextDesign {
    /// CLIP-L alone.
    SD1 {
        @Override
        public PromptEncoder build(Torch torch, List<Weights> parts, Scope owner) {
            return new ClipPrompts(
                    new ClipEncoder(torch, parts.getFirst(), owner, ClipSettings.SD1_L));
        }

        @Override
        public Map<String, String> adapterNames(int part, StateDict weights) {
            return LoraNames.ofText(weights);
        }
    };

    private static final String SD1_TEXT = "cond_stage_model.transformer.";
    private static final String MODEL = "text_model.";

    /// The text encoders in a checkpoint; empty when it has none of these families.
    public static Optional<TextPlan> inCheckpoint(StateDict checkpoint) {
        StateDict text = checkpoint.under(SD1_TEXT);
        if (text.names().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new TextPlan(SD1, List.of(text.containsUnder(MODEL) ? text.under(MODEL) : text)));
    }
}
