@NullMarked
package comfyserverless.contract.tenant;

import org.jspecify.annotations.NullMarked;
