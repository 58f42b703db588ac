/// The object store: bytes under opaque keys.
@NullMarked
package comfyserverless.contract.blob;

import org.jspecify.annotations.NullMarked;
