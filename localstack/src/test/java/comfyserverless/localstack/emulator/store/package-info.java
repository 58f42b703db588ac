/// The durable byte store.
@NullMarked
package comfyserverless.localstack.emulator.store;

import org.jspecify.annotations.NullMarked;
