/// The command line for who runs a deployment: keys and models.
@NullMarked
package comfyserverless.admin;

import org.jspecify.annotations.NullMarked;
