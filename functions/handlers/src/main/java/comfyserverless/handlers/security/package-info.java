/// Who may ask: the way a request came, its host and its origin.
@NullMarked
package comfyserverless.handlers.security;

import org.jspecify.annotations.NullMarked;
