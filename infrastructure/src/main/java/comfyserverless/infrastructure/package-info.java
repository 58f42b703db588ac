/// Placeholder.
@NullMarked
package comfyserverless.infrastructure;

import org.jspecify.annotations.NullMarked;
