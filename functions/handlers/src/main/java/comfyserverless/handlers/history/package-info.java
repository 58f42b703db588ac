/// Ended jobs: /history.
@NullMarked
package comfyserverless.handlers.history;

import org.jspecify.annotations.NullMarked;
