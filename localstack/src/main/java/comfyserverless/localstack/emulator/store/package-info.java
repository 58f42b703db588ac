/// A durable ordered byte store: a change is in the file before it is answered.
@NullMarked
package comfyserverless.localstack.emulator.store;

import org.jspecify.annotations.NullMarked;
