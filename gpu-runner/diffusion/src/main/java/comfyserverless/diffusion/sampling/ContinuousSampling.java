package comfyserverless.diffusion.sampling;

/// Noise levels without a table of their own, evenly spaced in their logarithm (`ModelSamplingContinuousEDM`, ComfyUI
/// 0.3.64). The network is told a quarter of the logarithm.
public final class ContinuousSampling implements ModelSampling {

    private static final int ENTRIES = 1000;

    private final Prediction prediction;
    private final double dataDeviation;
    private final float[] sigmas;

    public ContinuousSampling(
            Prediction prediction, double sigmaMin, double sigmaMax, double dataDeviation) {
        this.prediction = prediction;
        this.dataDeviation = dataDeviation;
        this.sigmas =
                Schedules.linspace((float) Math.log(sigmaMin), (float) Math.log(sigmaMax), ENTRIES);
        for (int i = 0; i < ENTRIES; i++) {
            sigmas[i] = (float) Math.exp(sigmas[i]);
        }
    }

    @Override
    public Prediction prediction() {
        return prediction;
    }

    @Override
    public double dataDeviation() {
        return dataDeviation;
    }

    @Override
    public float[] table() {
        return sigmas;
    }

    @Override
    public float timestep(float sigma) {
        return 0.25f * (float) Math.log(sigma);
    }

    @Override
    public float sigma(float timestep) {
        return (float) Math.exp(timestep / 0.25f);
    }

    @Override
    public double percentToSigma(double percent) {
        if (percent <= 0) {
            return UNBOUNDED;
        }
        double low = Math.log(sigmaMin());
        return percent >= 1 ? 0 : Math.exp((Math.log(sigmaMax()) - low) * (1 - percent) + low);
    }
}
