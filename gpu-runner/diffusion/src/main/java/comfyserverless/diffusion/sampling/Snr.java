package comfyserverless.diffusion.sampling;

/// The signal-to-noise scale that exponential solvers count in: lambda = log(alpha / sigma).
record Snr(Prediction prediction) {

    static Snr of(SamplerRun run) {
        return new Snr(run.model().prediction());
    }

    double lambda(double sigma) {
        return prediction.halfLogSnr(sigma);
    }

    double sigma(double lambda) {
        return prediction.sigmaOf(lambda);
    }

    /// The share of signal at a level.
    double alpha(double sigma) {
        return prediction.latentFactor(sigma);
    }
}
