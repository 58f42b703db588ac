/// Jobs as newer servers list them: /api/jobs.
@NullMarked
package comfyserverless.handlers.job;

import org.jspecify.annotations.NullMarked;
