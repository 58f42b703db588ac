/// Reading model files: safetensors headers, state dicts, weights as mapped tensors, and what model a file holds.
@NullMarked
package comfyserverless.diffusion.weights;

import org.jspecify.annotations.NullMarked;
