/// The published node catalogue and the runners that serve it.
@NullMarked
package comfyserverless.contract.catalogue;

import org.jspecify.annotations.NullMarked;
