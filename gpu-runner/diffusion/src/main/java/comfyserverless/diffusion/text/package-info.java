/// Prompts: from text with weights to token ids, and from tokens to conditioning.
///
/// Start reading at [comfyserverless.diffusion.text.PromptTokenizer].
@NullMarked
package comfyserverless.diffusion.text;

import org.jspecify.annotations.NullMarked;
