/// A client's socket: its greeting and what it announces.
@NullMarked
package comfyserverless.handlers.socket;

import org.jspecify.annotations.NullMarked;
