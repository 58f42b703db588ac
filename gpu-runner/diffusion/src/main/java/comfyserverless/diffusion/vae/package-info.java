/// The autoencoder between pictures and latents, built from the shapes in its checkpoint.
@NullMarked
package comfyserverless.diffusion.vae;

import org.jspecify.annotations.NullMarked;
