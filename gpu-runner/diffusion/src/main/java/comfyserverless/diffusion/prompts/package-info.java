/// Text encoders of several kinds put together: those of Flux and Stable Diffusion 3.
@NullMarked
package comfyserverless.diffusion.prompts;

import org.jspecify.annotations.NullMarked;
