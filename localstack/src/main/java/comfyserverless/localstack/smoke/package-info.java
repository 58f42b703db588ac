/// Checks on a deployment what no emulator can prove.
@NullMarked
package comfyserverless.localstack.smoke;

import org.jspecify.annotations.NullMarked;
