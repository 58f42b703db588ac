/// Placeholder.
@NullMarked
package comfyserverless.runner;

import org.jspecify.annotations.NullMarked;
