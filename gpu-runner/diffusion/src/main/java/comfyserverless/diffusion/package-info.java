/// Stable Diffusion as a library: load a checkpoint, encode prompts, sample, decode. No ComfyUI graph, no cloud.
///
/// Start reading at [comfyserverless.diffusion.Checkpoints].
@NullMarked
package comfyserverless.diffusion;

import org.jspecify.annotations.NullMarked;
