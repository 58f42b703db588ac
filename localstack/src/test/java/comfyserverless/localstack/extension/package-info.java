/// Packs with routes on the whole local stack.
@NullMarked
package comfyserverless.localstack.extension;

import org.jspecify.annotations.NullMarked;
