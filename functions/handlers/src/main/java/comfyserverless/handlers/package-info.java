/// The Lambda entries: HTTP requests, sockets, the queue's stream and the clock.
@NullMarked
package comfyserverless.handlers;

import org.jspecify.annotations.NullMarked;
