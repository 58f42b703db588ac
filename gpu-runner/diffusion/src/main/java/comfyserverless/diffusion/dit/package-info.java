/// Diffusion transformers: Flux and Stable Diffusion 3, built from the shapes in their files.
@NullMarked
package comfyserverless.diffusion.dit;

import org.jspecify.annotations.NullMarked;
