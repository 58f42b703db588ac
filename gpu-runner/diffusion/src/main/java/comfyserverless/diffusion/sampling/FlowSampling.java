package comfyserverless.diffusion.sampling;

import java.util.function.DoubleUnaryOperator;

/// Rectified flows: sigma is the share of noise, 1 at the start, bent by a shift (`ModelSamplingDiscreteFlow` and
/// `ModelSamplingFlux`, ComfyUI 0.3.64).
public final class FlowSampling implements ModelSampling {

    private final DoubleUnaryOperator bend;
    private final double multiplier;
    private final float[] sigmas;

    private FlowSampling(DoubleUnaryOperator bend, double multiplier, int steps) {
        this.bend = bend;
        this.multiplier = multiplier;
        this.sigmas = new float[steps];
        for (int i = 0; i < steps; i++) {
            sigmas[i] = (float) bend.applyAsDouble((i + 1) / (double) steps);
        }
    }

    /// SD3's bend; the network is told sigma × 1000.
    public static FlowSampling shifted(double shift) {
        return shifted(shift, 1000);
    }

    /// SD3's bend; the network is told sigma × `multiplier`.
    public static FlowSampling shifted(double shift, double multiplier) {
        return new FlowSampling(t -> shift * t / (1 + (shift - 1) * t), multiplier, 1000);
    }

    /// No bend at all, as Flux schnell has it; the network is told sigma itself.
    public static FlowSampling straight() {
        return new FlowSampling(t -> t, 1, 1000);
    }

    /// Flux's bend; the network is told sigma itself.
    public static FlowSampling flux(double shift) {
        double e = Math.exp(shift);
        return new FlowSampling(t -> e / (e + (1 / t - 1)), 1, 10_000);
    }

    @Override
    public Prediction prediction() {
        return Prediction.FLOW;
    }

    @Override
    public float[] table() {
        return sigmas;
    }

    @Override
    public float timestep(float sigma) {
        return (float) (sigma * multiplier);
    }

    @Override
    public float sigma(float timestep) {
        return (float) bend.applyAsDouble(timestep / multiplier);
    }

    @Override
    public double percentToSigma(double percent) {
        if (percent <= 0) {
            return 1;
        }
        return percent >= 1 ? 0 : bend.applyAsDouble(1 - percent);
    }
}
