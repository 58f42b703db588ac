package comfyserverless.diffusion.sampling;

/// Other noise levels and kinds of prediction for a model (nodes_model_advanced.py, ComfyUI 0.3.64).
public sealed interface Relevelled extends ModelPatch.Levels {

    /// A thousand trained levels, as Stable Diffusion has them.
    ///
    /// @param zeroTerminal whether they are stretched so that the last has no signal
    record Discrete(Prediction prediction, boolean zeroTerminal) implements Relevelled {
        @Override
        public ModelSampling levels(ModelSampling before) {
            return table(prediction, zeroTerminal);
        }
    }

    /// Fifty of them, for latent consistency models.
    record LatentConsistency(boolean zeroTerminal) implements Relevelled {
        @Override
        public ModelSampling levels(ModelSampling before) {
            return new ConsistencySampling(table(Prediction.EPSILON, zeroTerminal).distilled());
        }
    }

    /// Levels between two bounds, evenly spaced in their logarithm.
    ///
    /// @param data standard deviation of the model's data
    record Continuous(Prediction prediction, double sigmaMin, double sigmaMax, double data)
            implements Relevelled {
        @Override
        public ModelSampling levels(ModelSampling before) {
            return new ContinuousSampling(prediction, sigmaMin, sigmaMax, data);
        }
    }

    /// The same, with the latents of Playground 2.5.
    record Playground(double sigmaMin, double sigmaMax) implements Relevelled {
        private static final double DATA = 0.5;

        @Override
        public ModelSampling levels(ModelSampling before) {
            return new ContinuousSampling(Prediction.EDM, sigmaMin, sigmaMax, DATA);
        }

        @Override
        public LatentFormat format(LatentFormat before) {
            return LatentFormat.PLAYGROUND;
        }
    }

    /// Levels between two bounds, told to the network as angles or shares.
    record Told(
            Prediction prediction, double sigmaMin, double sigmaMax, ContinuousSampling.Clock clock)
            implements Relevelled {
        @Override
        public ModelSampling levels(ModelSampling before) {
            return new ContinuousSampling(prediction, sigmaMin, sigmaMax, 1, clock);
        }
    }

    /// A rectified flow bent as SD3's.
    ///
    /// @param multiplier of sigma, for the timestep
    record Shifted(double shift, double multiplier) implements Relevelled {
        @Override
        public ModelSampling levels(ModelSampling before) {
            return FlowSampling.shifted(shift, multiplier);
        }
    }

    /// A rectified flow bent as Flux's.
    record Flux(double shift) implements Relevelled {
        private static final double SMALLEST = 256;
        private static final double LARGEST = 4096;

        /// The shift for a picture, between those of small and large ones.
        public static Flux of(double largest, double smallest, int width, int height) {
            double slope = (largest - smallest) / (LARGEST - SMALLEST);
            double tokens = width * (double) height / (8 * 8 * 2 * 2);
            return new Flux(tokens * slope + (smallest - slope * SMALLEST));
        }

        @Override
        public ModelSampling levels(ModelSampling before) {
            return FlowSampling.flux(shift);
        }
    }

    private static DiscreteSampling table(Prediction prediction, boolean zeroTerminal) {
        DiscreteSampling table = DiscreteSampling.stableDiffusion(prediction);
        return zeroTerminal ? table.withZeroTerminalSnr() : table;
    }
}
