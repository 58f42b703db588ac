/// The CLIP text encoder, built from the shapes in its checkpoint.
@NullMarked
package comfyserverless.diffusion.clip;

import org.jspecify.annotations.NullMarked;
