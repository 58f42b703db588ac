/// Which deployment is meant, and its ports.
@NullMarked
package comfyserverless.admin.target;

import org.jspecify.annotations.NullMarked;
