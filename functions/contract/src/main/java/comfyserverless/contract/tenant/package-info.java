/// All that a tenant has: taken out in one archive, removed for good.
@NullMarked
package comfyserverless.contract.tenant;

import org.jspecify.annotations.NullMarked;
