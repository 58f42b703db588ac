/// Calls to addresses that clients name, when their jobs start or end: whom, signed how, what became of each.
@NullMarked
package comfyserverless.contract.webhook;

import org.jspecify.annotations.NullMarked;
