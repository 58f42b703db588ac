@NullMarked
package comfyserverless.handlers.job;

import org.jspecify.annotations.NullMarked;
