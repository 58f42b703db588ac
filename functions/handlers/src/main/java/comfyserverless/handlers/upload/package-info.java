/// Files that clients bring: /upload/image, /upload/mask.
@NullMarked
package comfyserverless.handlers.upload;

import org.jspecify.annotations.NullMarked;
