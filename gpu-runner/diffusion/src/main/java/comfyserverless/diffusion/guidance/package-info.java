/// What nodes lay on models to lead them in other ways: changes of guidance, of where masks let samplers work, and of
/// what happens inside networks (the guidance nodes of comfy_extras, ComfyUI 0.3.64).
@NullMarked
package comfyserverless.diffusion.guidance;

import org.jspecify.annotations.NullMarked;
