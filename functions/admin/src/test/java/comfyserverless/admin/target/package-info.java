@NullMarked
package comfyserverless.admin.target;

import org.jspecify.annotations.NullMarked;
