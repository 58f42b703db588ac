/// That functions and runners one version apart understand what the other stores.
@NullMarked
package comfyserverless.contract.skew;

import org.jspecify.annotations.NullMarked;
