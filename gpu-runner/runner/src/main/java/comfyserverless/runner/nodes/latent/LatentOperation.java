package comfyserverless.runner.nodes.latent;

import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Value;

/// What a LATENT_OPERATION socket carries: a change of a latent's numbers.
@FunctionalInterface
public interface LatentOperation {
    /// Gives a latent of the same shape.
    Latent apply(Latent latent);

    default Value value() {
        return new Value.Handle("LATENT_OPERATION", this);
    }
}
