/// Nodes that make and change latents.
@NullMarked
package comfyserverless.runner.nodes.latent;

import org.jspecify.annotations.NullMarked;
