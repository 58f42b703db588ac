/// Pictures read, changed and written for answers.
@NullMarked
package comfyserverless.handlers.picture;

import org.jspecify.annotations.NullMarked;
