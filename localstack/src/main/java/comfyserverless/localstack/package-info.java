/// Placeholder.
@NullMarked
package comfyserverless.localstack;

import org.jspecify.annotations.NullMarked;
