/// Names of files as requests write them.
@NullMarked
package comfyserverless.handlers.file;

import org.jspecify.annotations.NullMarked;
