/// Networks that enlarge pictures, built from the shapes in their files.
@NullMarked
package comfyserverless.diffusion.upscale;

import org.jspecify.annotations.NullMarked;
