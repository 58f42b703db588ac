/// The deployed templates and functions on an emulator of AWS: LocalStack, or MiniStack.
@NullMarked
package comfyserverless.localstack.deploy;

import org.jspecify.annotations.NullMarked;
