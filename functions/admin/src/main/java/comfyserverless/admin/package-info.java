/// The command line for who runs a deployment: keys, models, tenants.
@NullMarked
package comfyserverless.admin;

import org.jspecify.annotations.NullMarked;
