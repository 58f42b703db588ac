/// The body of POST /prompt: reading it and validating it as ComfyUI 0.3.64 does.
@NullMarked
package comfyserverless.contract.prompt;

import org.jspecify.annotations.NullMarked;
