/// The testing nodes of ComfyUI's own test suite, as far as the engine can run them.
@NullMarked
package comfyserverless.runner.testing;

import org.jspecify.annotations.NullMarked;
