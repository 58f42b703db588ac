/// The parts of the local stack and how they are joined: start reading at LocalStack.
@NullMarked
package comfyserverless.localstack.stack;

import org.jspecify.annotations.NullMarked;
