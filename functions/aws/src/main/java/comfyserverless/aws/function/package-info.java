/// Calls of functions by each other.
@NullMarked
package comfyserverless.aws.function;

import org.jspecify.annotations.NullMarked;
