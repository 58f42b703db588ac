/// The queue as clients see and change it: /queue, /interrupt, /free, and who hears of it.
@NullMarked
package comfyserverless.handlers.queue;

import org.jspecify.annotations.NullMarked;
