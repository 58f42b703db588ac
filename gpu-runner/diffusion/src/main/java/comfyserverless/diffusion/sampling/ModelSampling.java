package comfyserverless.diffusion.sampling;

/// How a model's noise levels are numbered: sigma (noise over signal) against the timestep its network is told, and the
/// table that schedulers pick from. Numbers are rounded to single precision where PyTorch's are.
public interface ModelSampling {

    /// Above every sigma: what 0 % of sampling means where it has no other bound.
    double UNBOUNDED = 999_999_999.9;

    Prediction prediction();

    /// Standard deviation of the model's data; 1 but for EDM models.
    default double dataDeviation() {
        return 1;
    }

    /// Factor of the network's input at a level.
    default double inputScale(float sigma) {
        return prediction().inputScale(sigma, dataDeviation());
    }

    /// Factor of the noisy latent in what is denoised.
    default double kept(float sigma) {
        return prediction().kept(sigma, dataDeviation());
    }

    /// Factor of the network's output in what is denoised.
    default double output(float sigma) {
        return prediction().output(sigma, dataDeviation());
    }

    /// The sigmas the model was trained on, rising. Not to be written to.
    float[] table();

    default float sigmaMin() {
        return table()[0];
    }

    default float sigmaMax() {
        return table()[table().length - 1];
    }

    /// The timestep the network is told for a sigma.
    float timestep(float sigma);

    /// The sigma of a timestep, between the table's entries too.
    float sigma(float timestep);

    /// The sigma at which `percent` (0…1) of sampling is done.
    double percentToSigma(double percent);
}
