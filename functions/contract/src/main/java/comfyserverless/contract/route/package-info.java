/// The one table of routes.
@NullMarked
package comfyserverless.contract.route;

import org.jspecify.annotations.NullMarked;
