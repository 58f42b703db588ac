package comfyserverless.diffusion.sampling;

/// Sampling was cancelled by its listener between two evaluations of the network.
public final class Interrupted extends RuntimeException {

    public Interrupted() {
        super("sampling was interrupted");
    }
}
