/// What a deployment holds its state in: the one source that adapters, emulators and templates read.
@NullMarked
package comfyserverless.contract.state;

import org.jspecify.annotations.NullMarked;
