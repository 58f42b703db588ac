package comfyserverless.diffusion.sampling;

/// Noise levels without a table of their own, evenly spaced in their logarithm (`ModelSamplingContinuousEDM`, ComfyUI
/// 0.3.64).
public final class ContinuousSampling implements ModelSampling {

    private static final int ENTRIES = 1000;

    private final Prediction prediction;
    private final double dataDeviation;
    private final Clock clock;
    private final float[] sigmas;

    /// How the network is told of a level.
    public enum Clock {
        /// A quarter of the logarithm.
        LOGARITHM {
            @Override
            float timestep(float sigma) {
                return 0.25f * (float) Math.log(sigma);
            }

            @Override
            float sigma(float timestep, float most) {
                return (float) Math.exp(timestep / 0.25f);
            }
        },
        /// The angle whose tangent it is, as a share of a right one.
        ANGLE {
            @Override
            float timestep(float sigma) {
                return (float) (Math.atan(sigma) / Math.PI * 2);
            }

            @Override
            float sigma(float timestep, float most) {
                return (float) Math.tan(timestep * Math.PI / 2);
            }
        },
        /// The share of noise.
        SHARE {
            @Override
            float timestep(float sigma) {
                return sigma / (sigma + 1);
            }

            @Override
            float sigma(float timestep, float most) {
                return timestep >= most / (most + 1) ? most : timestep / (1 - timestep);
            }
        };

        abstract float timestep(float sigma);

        /// @param most the highest level
        abstract float sigma(float timestep, float most);
    }

    public ContinuousSampling(
            Prediction prediction, double sigmaMin, double sigmaMax, double dataDeviation) {
        this(prediction, sigmaMin, sigmaMax, dataDeviation, Clock.LOGARITHM);
    }

    ContinuousSampling(
            Prediction prediction,
            double sigmaMin,
            double sigmaMax,
            double dataDeviation,
            Clock clock) {
        this.clock = clock;
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
        return clock.timestep(sigma);
    }

    @Override
    public float sigma(float timestep) {
        return clock.sigma(timestep, sigmaMax());
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
