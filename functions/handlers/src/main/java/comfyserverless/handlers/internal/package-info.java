/// The page's own routes: /internal.
@NullMarked
package comfyserverless.handlers.internal;

import org.jspecify.annotations.NullMarked;
