/// Nodes that make and change masks.
@NullMarked
package comfyserverless.runner.nodes.mask;

import org.jspecify.annotations.NullMarked;
