package comfyserverless.diffusion.sampling;

/// What a network predicts, as the factors that turn its input and output into denoised latents (classes of
/// model_sampling.py, ComfyUI 0.3.64). All of them are linear: denoised = kept · x + output · network(scale · x).
public enum Prediction {

    /// The noise.
    EPSILON {
        @Override
        double kept(double sigma, double data) {
            return 1;
        }

        @Override
        double output(double sigma, double data) {
            return -sigma;
        }
    },

    /// The velocity.
    V {
        @Override
        double kept(double sigma, double data) {
            return data * data / (sigma * sigma + data * data);
        }

        @Override
        double output(double sigma, double data) {
            return -sigma * data / Math.sqrt(sigma * sigma + data * data);
        }
    },

    /// The velocity with the other sign (Karras et al.).
    EDM {
        @Override
        double kept(double sigma, double data) {
            return V.kept(sigma, data);
        }

        @Override
        double output(double sigma, double data) {
            return -V.output(sigma, data);
        }
    },

    /// The denoised latent itself.
    X0 {
        @Override
        double kept(double sigma, double data) {
            return 0;
        }

        @Override
        double output(double sigma, double data) {
            return 1;
        }
    },

    /// Another picture, from one that is not scaled.
    IMAGE {
        @Override
        double inputScale(double sigma, double data) {
            return 1;
        }

        @Override
        double kept(double sigma, double data) {
            return 0;
        }

        @Override
        double output(double sigma, double data) {
            return 1;
        }
    },

    /// The direction of a rectified flow whose noise is counted from nothing to very much (Cosmos).
    UNBOUNDED_FLOW {
        @Override
        double inputScale(double sigma, double data) {
            return 1 / (sigma + 1);
        }

        @Override
        double kept(double sigma, double data) {
            return 1 / (sigma + 1);
        }

        @Override
        double output(double sigma, double data) {
            return -sigma / (sigma + 1);
        }

        @Override
        double noiseFactor(double sigma, boolean fully) {
            return sigma;
        }
    },

    /// The direction of a rectified flow, where sigma runs from 1 to 0.
    FLOW {
        @Override
        double kept(double sigma, double data) {
            return 1;
        }

        @Override
        double output(double sigma, double data) {
            return -sigma;
        }
    };

    /// Factor of the network's input.
    double inputScale(double sigma, double data) {
        return this == FLOW ? 1 : 1 / Math.sqrt(sigma * sigma + data * data);
    }

    abstract double kept(double sigma, double data);

    abstract double output(double sigma, double data);

    /// Factor of the noise when a latent is brought to `sigma`; `fully` at the highest sigma a model knows, where no
    /// trace of a latent may be left.
    double noiseFactor(double sigma, boolean fully) {
        return this != FLOW && fully
                ? (float) Math.sqrt(1f + (float) (sigma * sigma)) // in single precision, as x is
                : sigma;
    }

    /// Factor of the latent when it is brought to `sigma`.
    double latentFactor(double sigma) {
        return this == FLOW ? 1 - sigma : 1;
    }

    /// Factor of a result that still carries noise of `sigma`.
    double resultFactor(double sigma) {
        return this == FLOW ? 1 / (1 - sigma) : 1;
    }

    /// log(alpha / sigma), half the log of the signal-to-noise ratio.
    double halfLogSnr(double sigma) {
        return this == FLOW ? Math.log((1 - sigma) / sigma) : -Math.log(sigma);
    }

    /// The sigma of a half log signal-to-noise ratio.
    double sigmaOf(double halfLogSnr) {
        return this == FLOW ? 1 / (1 + Math.exp(halfLogSnr)) : Math.exp(-halfLogSnr);
    }
}
