/// The samplers.
@NullMarked
package comfyserverless.runner.nodes.sampling;

import org.jspecify.annotations.NullMarked;
