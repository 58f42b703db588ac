/// Nodes that load, save, make and change pictures.
@NullMarked
package comfyserverless.runner.nodes.image;

import org.jspecify.annotations.NullMarked;
