/// Placeholder.
@NullMarked
package comfyserverless.handlers;

import org.jspecify.annotations.NullMarked;
