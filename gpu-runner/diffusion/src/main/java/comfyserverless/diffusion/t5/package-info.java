/// T5's text encoder, built from the shapes in its file.
@NullMarked
package comfyserverless.diffusion.t5;

import org.jspecify.annotations.NullMarked;
