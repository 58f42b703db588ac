/// Metrics, written with the log.
@NullMarked
package comfyserverless.handlers.metrics;

import org.jspecify.annotations.NullMarked;
