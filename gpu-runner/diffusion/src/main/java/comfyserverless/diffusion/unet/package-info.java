/// The noise-predicting UNet of Stable Diffusion 1, 2 and XL, built from the shapes in its checkpoint.
@NullMarked
package comfyserverless.diffusion.unet;

import org.jspecify.annotations.NullMarked;
