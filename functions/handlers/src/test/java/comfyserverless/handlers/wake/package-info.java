@NullMarked
package comfyserverless.handlers.wake;

import org.jspecify.annotations.NullMarked;
