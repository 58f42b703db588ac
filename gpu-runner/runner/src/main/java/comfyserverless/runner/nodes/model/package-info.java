/// Nodes that load models, and the models that stay loaded between jobs.
@NullMarked
package comfyserverless.runner.nodes.model;

import org.jspecify.annotations.NullMarked;
