package comfyserverless.diffusion.sampling;

/// A table of trained noise levels whose timesteps are its indices: Stable Diffusion 1.x, 2.x, XL
/// (`ModelSamplingDiscrete`, ComfyUI 0.3.64). The network gets the nearest index, never one in between.
public final class DiscreteSampling implements ModelSampling {

    private static final int STEPS = 1000;

    private final Prediction prediction;
    private final float[] sigmas;
    private final float[] logs;
    private final int stride;

    private DiscreteSampling(Prediction prediction, double[] sigmas, int stride) {
        this.prediction = prediction;
        this.stride = stride;
        this.sigmas = new float[sigmas.length];
        this.logs = new float[sigmas.length];
        for (int i = 0; i < sigmas.length; i++) {
            this.sigmas[i] = (float) sigmas[i];
            this.logs[i] = (float) Math.log(sigmas[i]);
        }
    }

    /// Stable Diffusion's schedule: 1,000 betas from 0.00085 to 0.012, evenly spaced in their square roots.
    public static DiscreteSampling stableDiffusion(Prediction prediction) {
        return of(prediction, 0.00085, 0.012);
    }

    /// 1,000 betas evenly spaced in their square roots.
    public static DiscreteSampling of(Prediction prediction, double firstBeta, double lastBeta) {
        double from = Math.sqrt(firstBeta);
        double step = (Math.sqrt(lastBeta) - from) / (STEPS - 1);
        double[] sigmas = new double[STEPS];
        double kept = 1;
        for (int i = 0; i < STEPS; i++) {
            double root = from + step * i;
            kept *= 1 - root * root;
            sigmas[i] = Math.sqrt((1 - kept) / kept);
        }
        return new DiscreteSampling(prediction, sigmas, 1);
    }

    /// The same model with its schedule stretched so that the last step has no signal at all (zero terminal SNR).
    public DiscreteSampling withZeroTerminalSnr() {
        int n = sigmas.length;
        double[] root = new double[n];
        for (int i = 0; i < n; i++) {
            root[i] = Math.sqrt(1 / ((double) sigmas[i] * sigmas[i] + 1));
        }
        double first = root[0];
        double last = root[n - 1];
        double[] stretched = new double[n];
        for (int i = 0; i < n; i++) {
            double kept =
                    i == n - 1
                            ? 4.8973451890853435e-08
                            : Math.pow((root[i] - last) * (first / (first - last)), 2);
            stretched[i] = (float) Math.sqrt((1 - kept) / kept);
        }
        return new DiscreteSampling(prediction, stretched, stride);
    }

    /// Every 20th step of the schedule, for models distilled to few steps (`ModelSamplingDiscreteDistilled`).
    public DiscreteSampling distilled() {
        int skip = STEPS / 50;
        double[] kept = new double[sigmas.length / skip];
        for (int i = 0; i < kept.length; i++) {
            kept[kept.length - 1 - i] = sigmas[sigmas.length - 1 - i * skip];
        }
        return new DiscreteSampling(prediction, kept, skip);
    }

    @Override
    public Prediction prediction() {
        return prediction;
    }

    @Override
    public float[] table() {
        return sigmas;
    }

    @Override
    public float timestep(float sigma) {
        float log = (float) Math.log(sigma);
        int nearest = 0;
        for (int i = 1; i < logs.length; i++) {
            if (Math.abs(log - logs[i]) < Math.abs(log - logs[nearest])) {
                nearest = i;
            }
        }
        return nearest * stride + (stride - 1);
    }

    @Override
    public float sigma(float timestep) {
        float index = (timestep - (stride - 1)) / stride;
        float t = Math.clamp(index, 0f, sigmas.length - 1f);
        int low = (int) Math.floor(t);
        int high = (int) Math.ceil(t);
        float weight = t - low;
        float log = (1 - weight) * logs[low] + weight * logs[high];
        return (float) Math.exp(log);
    }

    @Override
    public double percentToSigma(double percent) {
        if (percent <= 0) {
            return UNBOUNDED;
        }
        return percent >= 1 ? 0 : sigma((float) ((1 - percent) * 999.0));
    }
}
