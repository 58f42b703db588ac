/// What the server is and can: /system_stats, /features, /health.
@NullMarked
package comfyserverless.handlers.system;

import org.jspecify.annotations.NullMarked;
