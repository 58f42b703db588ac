/// Nodes that encode prompts, combine and place them.
@NullMarked
package comfyserverless.runner.nodes.conditioning;

import org.jspecify.annotations.NullMarked;
