package comfyserverless.diffusion.text;

import java.util.OptionalInt;
import java.util.Set;

/// From a prompt to what a network reads: the tokenizers and text encoders of one model. May be called from any thread.
public interface PromptEncoder {

    /// Encodes a prompt in ComfyUI's syntax.
    ///
    /// @param layer which layer's output to take, counted from the end (-1: the last, -2: clip skip 2); empty for the
    ///     one that the model was trained on
    /// @param embeddings where `embedding:name` is found
    PromptEncoding encode(Prompt prompt, OptionalInt layer, Embeddings embeddings);

    /// The short names of its encoders, by which prompts may speak to them one by one: `l`, `g`, `h`, `t5xxl`.
    Set<String> names();
}
