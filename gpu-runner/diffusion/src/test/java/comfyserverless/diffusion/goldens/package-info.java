/// Recorded numbers of the real models, and the synthetic weights that they were recorded with.
@NullMarked
package comfyserverless.diffusion.goldens;

import org.jspecify.annotations.NullMarked;
