package comfyserverless.diffusion.sampling;

/// A network beside the one that is sampled, which steers it by a picture. What it computes is between it and the model.
public interface ControlModel {

    /// Pixels of its picture to one position of a latent, in each direction.
    int factor();
}
