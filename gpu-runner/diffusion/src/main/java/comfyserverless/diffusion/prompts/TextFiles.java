package comfyserverless.diffusion.prompts;

import comfyserverless.diffusion.model.TextDesign;
import comfyserverless.diffusion.model.TextPlan;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Finds the text encoders of Flux and Stable Diffusion 3 in checkpoints and in files of their own.
public final class TextFiles {

    private static final String FLUX = "model.diffusion_model.double_blocks.";

    private TextFiles() {}

    /// The text encoders in a checkpoint; empty when it has none of these families.
    public static Optional<TextPlan> inCheckpoint(StateDict checkpoint) {
        List<Part.Found> found =
                Arrays.stream(Part.values())
                        .flatMap(part -> part.inCheckpoint(checkpoint).stream())
                        .toList();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (!checkpoint.containsUnder(FLUX)) {
            return Optional.of(ofSd3(found));
        }
        return kinds(found).equals(FluxDesign.PARTS)
                ? Optional.of(plan(FluxDesign.INSTANCE, found))
                : Optional.empty();
    }

    /// Flux's text encoders of a file each, in any order.
    ///
    /// @throws ModelFileException when they are not CLIP-L and T5
    public static TextPlan flux(List<StateDict> files) {
        List<Part.Found> found = found(files);
        if (!kinds(found).equals(FluxDesign.PARTS)) {
            throw new ModelFileException(
                    files.getFirst().file(),
                    "Flux reads prompts by CLIP-L and T5, but " + what(found));
        }
        return plan(FluxDesign.INSTANCE, found);
    }

    /// Text encoders of Stable Diffusion 3 of a file each, in any order: one, two or all three of its kinds.
    ///
    /// @throws ModelFileException when one is of another kind, or two are of the same
    public static TextPlan sd3(List<StateDict> files) {
        List<Part.Found> found = found(files);
        if (kinds(found).stream().distinct().count() != found.size()) {
            throw new ModelFileException(
                    files.getFirst().file(),
                    "Stable Diffusion 3 reads prompts by CLIP-L, CLIP-G and T5, one of each, but "
                            + what(found));
        }
        return ofSd3(found);
    }

    private static TextPlan ofSd3(List<Part.Found> found) {
        return plan(new Sd3Design(kinds(found)), found);
    }

    private static TextPlan plan(TextDesign design, List<Part.Found> found) {
        return new TextPlan(design, found.stream().map(Part.Found::weights).toList());
    }

    private static List<Part> kinds(List<Part.Found> found) {
        return found.stream().map(Part.Found::part).toList();
    }

    private static String what(List<Part.Found> found) {
        return "these files hold "
                + String.join(", ", kinds(found).stream().map(Part::name).toList());
    }

    private static List<Part.Found> found(List<StateDict> files) {
        return files.stream()
                .map(file ->
                        Part.alone(file)
                                .orElseThrow(() ->
                                        new ModelFileException(
                                                file.file(),
                                                "no text encoder of CLIP-L, CLIP-G or T5: its keys are such as "
                                                        + String.join(
                                                                ", ",
                                                                file.names().stream()
                                                                        .limit(3)
                                                                        .toList()))))
                .sorted(Comparator.comparing(Part.Found::part))
                .toList();
    }
}
