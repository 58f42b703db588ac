/// The one place that touches DJL: a device's thread, opaque tensors, scopes, and libraries of TorchScript.
@NullMarked
package comfyserverless.diffusion.torch;

import org.jspecify.annotations.NullMarked;
