/// Files of `torch.save`, and such as only look like it.
@NullMarked
package comfyserverless.diffusion.weights.pickle;

import org.jspecify.annotations.NullMarked;
