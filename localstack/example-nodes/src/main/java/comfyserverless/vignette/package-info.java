/// A node pack to begin with: one node, and each kind of file that pages ask for.
@NullMarked
package comfyserverless.vignette;

import org.jspecify.annotations.NullMarked;
