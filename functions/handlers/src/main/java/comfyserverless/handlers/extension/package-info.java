/// Route packs: their routes in the table, their requests and answers, what of a tenant they reach.
@NullMarked
package comfyserverless.handlers.extension;

import org.jspecify.annotations.NullMarked;
