package comfyserverless.diffusion.text;

import java.util.Optional;

/// Where textual inversions are found: `embedding:name` in a prompt.
@FunctionalInterface
public interface Embeddings {

    /// No embeddings anywhere: their names are left out of prompts.
    Embeddings NONE = (name, encoder, width) -> Optional.empty();

    /// Looks an embedding up.
    ///
    /// @param name as written, with or without the file's extension; it comes from a prompt and must not lead outside
    ///     the folder of embeddings
    /// @param encoder the text encoder that asks, as such files name it: `clip_l`, `clip_g`, `clip_h`
    /// @param width numbers per vector that the encoder takes
    /// @return its vectors; empty when there is none of that name
    Optional<float[][]> find(String name, String encoder, int width);
}
