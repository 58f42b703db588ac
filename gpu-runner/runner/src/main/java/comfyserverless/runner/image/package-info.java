/// Pictures: reading what users upload, writing PNG and JPEG, and scaling as ComfyUI scales.
@NullMarked
package comfyserverless.runner.image;

import org.jspecify.annotations.NullMarked;
