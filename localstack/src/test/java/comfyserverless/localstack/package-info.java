/// The local stack's parts and how they may depend on each other.
@NullMarked
package comfyserverless.localstack;

import org.jspecify.annotations.NullMarked;
