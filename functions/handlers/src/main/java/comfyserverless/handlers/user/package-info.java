/// What users keep on the server: /users, /settings, /userdata.
@NullMarked
package comfyserverless.handlers.user;

import org.jspecify.annotations.NullMarked;
