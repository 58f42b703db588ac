/// What all nodes that save files share: names, counters and the prompt inside the file.
@NullMarked
package comfyserverless.runner.nodes.save;

import org.jspecify.annotations.NullMarked;
