package comfyserverless.diffusion.weights;

import java.util.List;

/// The families of models that a checkpoint's keys can tell apart, with the key each is known by.
///
/// Tried in the order of declaration: what is told by more special keys comes first.
public enum ModelFamily {
    FLUX("Flux", List.of("model.diffusion_model.double_blocks.", "double_blocks.")),
    SD3("Stable Diffusion 3", List.of("model.diffusion_model.joint_blocks.", "joint_blocks.")),
    SDXL(
            "Stable Diffusion XL",
            List.of("conditioner.embedders.", "model.diffusion_model.label_emb.")),
    SD2("Stable Diffusion 2", List.of("cond_stage_model.model.")),
    SD1("Stable Diffusion 1", List.of("model.diffusion_model.input_blocks."));

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> keys;

    ModelFamily(String title, List<String> keys) {
        this.title = title;
        this.keys = keys;
    }

    /// The name that people know.
    public String title() {
        return title;
    }

    /// What a name must begin with to tell this family.
    List<String> keys() {
        return keys;
    }

    /// Tells the family of a checkpoint.
    ///
    /// @throws ModelFileException when no key tells any; the message names the keys looked for
    public static ModelFamily of(StateDict dict) {
        for (ModelFamily family : values()) {
            if (family.keys.stream().anyMatch(dict::containsUnder)) {
                return family;
            }
        }
        throw new ModelFileException(dict.file(), UnknownModel.describe(dict));
    }
}
