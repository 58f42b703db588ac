/// Recordings of the real server, played against the runner over ports in memory.
@NullMarked
package comfyserverless.runner.recorded;

import org.jspecify.annotations.NullMarked;
