package comfyserverless.diffusion.prompts;

import comfyserverless.diffusion.clip.ClipDesign;
import comfyserverless.diffusion.clip.ClipFiles;
import comfyserverless.diffusion.t5.T5Encoder;
import comfyserverless.diffusion.weights.StateDict;
import java.util.Optional;

/// The kinds of text encoders that Flux and Stable Diffusion 3 are given, in their order.
enum Part {
    CLIP_L("text_encoders.clip_l.transformer."),
    CLIP_G("text_encoders.clip_g.transformer."),
    T5("text_encoders.t5xxl.transformer.");

    /// What its names begin with in a checkpoint.
    final String prefix;

    Part(String prefix) {
        this.prefix = prefix;
    }

    /// A kind, and the weights of such an encoder, named as its code names them.
    record Found(Part part, StateDict weights) {}

    /// The encoder of this kind in a checkpoint.
    Optional<Found> inCheckpoint(StateDict checkpoint) {
        if (!checkpoint.containsUnder(prefix)) {
            return Optional.empty();
        }
        StateDict under = checkpoint.under(prefix);
        StateDict weights = this == T5 ? under : ClipFiles.alone(under).orElseThrow().weights();
        return Optional.of(new Found(this, weights));
    }

    /// The encoder that a file of its own holds; empty when it is none of these kinds.
    static Optional<Found> alone(StateDict file) {
        if (T5Encoder.isIn(file)) {
            return Optional.of(new Found(T5, file));
        }
        return ClipFiles.alone(file)
                .filter(clip -> clip.design() != ClipDesign.SD2)
                .map(clip ->
                        new Found(
                                clip.design() == ClipDesign.SD1 ? CLIP_L : CLIP_G, clip.weights()));
    }
}
