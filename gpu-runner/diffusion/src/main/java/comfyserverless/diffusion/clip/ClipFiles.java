package comfyserverless.diffusion.clip;

import comfyserverless.diffusion.model.TextPlan;
import comfyserverless.diffusion.weights.OpenClipNames;
import comfyserverless.diffusion.weights.StateDict;
import java.util.List;
import java.util.Optional;

/// Finds CLIP's text encoders in files, in the layouts of the transformers library and of OpenCLIP.
public final class ClipFiles {

    private static final String SD1 = "cond_stage_model.transformer.";
    private static final String SD2 = "cond_stage_model.model.";
    private static final String FIRST = "conditioner.embedders.0.model.";
    private static final String XL_SMALL = "conditioner.embedders.0.transformer.";
    private static final String XL_LARGE = "conditioner.embedders.1.model.";

    /// The name of a layer that only encoders of a size have.
    private static final String DEEP = "encoder.layers.%d.mlp.fc1.weight";

    private static final int LAST_OF_G = 30;
    private static final int LAST_OF_H = 22;
    private static final int WIDTH_OF_H = 1024;

    /// What the encoders of Stable Diffusion XL are alone, in their order.
    public static final List<ClipDesign> PAIR = List.of(ClipDesign.SD1, ClipDesign.REFINER);

    private ClipFiles() {}

    /// The text encoders in a checkpoint; empty when it has none of Stable Diffusion 1, 2 and XL.
    public static Optional<TextPlan> inCheckpoint(StateDict checkpoint) {
        if (checkpoint.containsUnder(XL_SMALL) && checkpoint.containsUnder(XL_LARGE)) {
            return Optional.of(
                    new TextPlan(
                            ClipDesign.SDXL,
                            List.of(
                                    transformers(checkpoint.under(XL_SMALL)),
                                    OpenClipNames.text(checkpoint.under(XL_LARGE)))));
        }
        if (checkpoint.containsUnder(SD1)) {
            return alone(ClipDesign.SD1, transformers(checkpoint.under(SD1)));
        }
        if (checkpoint.containsUnder(SD2)) {
            return alone(ClipDesign.SD2, OpenClipNames.text(checkpoint.under(SD2)));
        }
        if (checkpoint.containsUnder(FIRST)) {
            StateDict text = OpenClipNames.text(checkpoint.under(FIRST));
            boolean second = ClipShape.of(text).width() == WIDTH_OF_H;
            return alone(second ? ClipDesign.SD2 : ClipDesign.REFINER, text);
        }
        return Optional.empty();
    }

    private static Optional<TextPlan> alone(ClipDesign design, StateDict text) {
        return Optional.of(new TextPlan(design, List.of(text)));
    }

    /// What a file with one text encoder of its own holds; empty when it is none of CLIP's.
    public static Optional<Alone> alone(StateDict file) {
        StateDict text = OpenClipNames.isText(file) ? OpenClipNames.text(file) : transformers(file);
        if (text.contains(DEEP.formatted(LAST_OF_G))) {
            return Optional.of(new Alone(ClipDesign.REFINER, text));
        }
        if (text.contains(DEEP.formatted(LAST_OF_H))) {
            return Optional.of(new Alone(ClipDesign.SD2, text));
        }
        return text.contains(DEEP.formatted(0))
                ? Optional.of(new Alone(ClipDesign.SD1, text))
                : Optional.empty();
    }

    /// A text encoder and the family that uses such a one alone; CLIP-L comes before OpenCLIP-G.
    public record Alone(ClipDesign design, StateDict weights) implements Comparable<Alone> {
        @Override
        public int compareTo(Alone other) {
            return design.compareTo(other.design);
        }
    }

    /// Without the prefix `text_model.`, beside which the text projection lies.
    private static StateDict transformers(StateDict text) {
        return text.containsUnder(OpenClipNames.MODEL) ? OpenClipNames.transformers(text) : text;
    }
}
