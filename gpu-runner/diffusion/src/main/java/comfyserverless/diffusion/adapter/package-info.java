/// Adapters (LoRA and its kin): files that change a model's weights.
@NullMarked
package comfyserverless.diffusion.adapter;

import org.jspecify.annotations.NullMarked;
