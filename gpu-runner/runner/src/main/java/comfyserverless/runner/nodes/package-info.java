/// ComfyUI's own nodes: one class each, all of them in [comfyserverless.runner.nodes.CoreNodes].
@NullMarked
package comfyserverless.runner.nodes;

import org.jspecify.annotations.NullMarked;
