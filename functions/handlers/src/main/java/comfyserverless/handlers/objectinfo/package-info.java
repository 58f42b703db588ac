/// What nodes there are: /object_info.
@NullMarked
package comfyserverless.handlers.objectinfo;

import org.jspecify.annotations.NullMarked;
