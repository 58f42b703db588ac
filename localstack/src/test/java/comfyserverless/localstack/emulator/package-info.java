/// The embedded services, seen through the real SDK clients.
@NullMarked
package comfyserverless.localstack.emulator;

import org.jspecify.annotations.NullMarked;
