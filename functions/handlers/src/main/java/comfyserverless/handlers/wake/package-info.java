/// Starts runners when work comes.
@NullMarked
package comfyserverless.handlers.wake;

import org.jspecify.annotations.NullMarked;
