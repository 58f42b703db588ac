/// Results of nodes that a tenant's runners share.
@NullMarked
package comfyserverless.contract.result;

import org.jspecify.annotations.NullMarked;
