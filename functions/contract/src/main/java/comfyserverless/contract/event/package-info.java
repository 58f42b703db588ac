/// The messages of ComfyUI's WebSocket and the connections they are sent to.
@NullMarked
package comfyserverless.contract.event;

import org.jspecify.annotations.NullMarked;
