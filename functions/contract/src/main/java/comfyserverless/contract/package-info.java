/// Placeholder.
@NullMarked
package comfyserverless.contract;

import org.jspecify.annotations.NullMarked;
