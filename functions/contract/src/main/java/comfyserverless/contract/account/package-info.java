/// Who may call: tenants, and the keys, sessions and tickets that stand for a caller.
@NullMarked
package comfyserverless.contract.account;

import org.jspecify.annotations.NullMarked;
