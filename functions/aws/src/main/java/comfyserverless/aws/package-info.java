/// Placeholder.
@NullMarked
package comfyserverless.aws;

import org.jspecify.annotations.NullMarked;
