/// What a function's trace shows of the calls that it makes.
@NullMarked
package comfyserverless.aws.trace;

import org.jspecify.annotations.NullMarked;
