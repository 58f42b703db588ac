/// Reading tensors out of files that PyTorch's `torch.save` wrote, without running anything that is in them.
@NullMarked
package comfyserverless.diffusion.weights.pickle;

import org.jspecify.annotations.NullMarked;
