/// Placeholder.
@NullMarked
package comfyserverless.nodeapi;

import org.jspecify.annotations.NullMarked;
