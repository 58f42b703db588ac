/// Nodes that load, change and save sounds and videos.
@NullMarked
package comfyserverless.runner.nodes.media;

import org.jspecify.annotations.NullMarked;
