/// Who calls: keys, sessions of browsers, JSON web tokens, tickets for sockets.
@NullMarked
package comfyserverless.handlers.auth;

import org.jspecify.annotations.NullMarked;
