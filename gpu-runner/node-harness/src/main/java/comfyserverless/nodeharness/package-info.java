/// Runs nodes in their authors' tests: no runner, no server, no tensor library.
@NullMarked
package comfyserverless.nodeharness;

import org.jspecify.annotations.NullMarked;
