/// The noise-predicting UNet of Stable Diffusion 1.x, built from the shapes in its checkpoint.
@NullMarked
package comfyserverless.diffusion.unet;

import org.jspecify.annotations.NullMarked;
