/// ComfyUI's testing nodes (tests/execution/testing_nodes, 0.3.64) as a node pack: the recordings and
/// ComfyUI's own execution tests are played with them. No part of what is shipped.
@NullMarked
package comfyserverless.testingnodes;

import org.jspecify.annotations.NullMarked;
