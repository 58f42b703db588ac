/// Placeholder.
@NullMarked
package comfyserverless.diffusion;

import org.jspecify.annotations.NullMarked;
