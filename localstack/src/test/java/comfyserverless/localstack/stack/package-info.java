/// The local stack as a whole, as a process.
@NullMarked
package comfyserverless.localstack.stack;

import org.jspecify.annotations.NullMarked;
