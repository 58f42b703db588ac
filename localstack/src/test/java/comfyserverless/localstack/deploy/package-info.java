/// The deployed functions and templates on an emulator of AWS.
@NullMarked
package comfyserverless.localstack.deploy;

import org.jspecify.annotations.NullMarked;
