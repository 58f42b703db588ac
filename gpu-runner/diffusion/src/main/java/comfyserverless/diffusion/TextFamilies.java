package comfyserverless.diffusion;

import comfyserverless.diffusion.clip.ClipFiles;
import comfyserverless.diffusion.model.TextPlan;
import comfyserverless.diffusion.prompts.TextFiles;
import comfyserverless.diffusion.weights.StateDict;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The text encoders that can be run, by the ways in which checkpoints hold them.
final class TextFamilies {

    private static final List<Function<StateDict, Optional<TextPlan>>> IN_CHECKPOINTS =
            List.of(ClipFiles::inCheckpoint, TextFiles::inCheckpoint);

    private TextFamilies() {}

    /// The text encoders in a checkpoint; empty when it has none that is known.
    static Optional<TextPlan> inCheckpoint(StateDict checkpoint) {
        return IN_CHECKPOINTS.stream().flatMap(find -> find.apply(checkpoint).stream()).findFirst();
    }
}
