package comfyserverless.diffusion.sampling;

/// DEIS's weights: integrals of Lagrange polynomials in the time of a variance-preserving process, by 10,000 points, in
/// single precision where the original is (diff-sampler's solver_utils, Apache-2.0).
@SuppressWarnings("ArrayRecordComponent") // not compared
record DeisWeights(float betaMin, float betaDelta, float[] times) {

    private static final int POINTS = 10_000;
    private static final float EPSILON = 1e-3f;
    private static final float SIGMA_MIN = 0.002f;
    private static final float SIGMA_MAX = 80f;

    static DeisWeights of(SamplerRun run) {
        float low = (float) Math.log(SIGMA_MIN * SIGMA_MIN + 1f);
        float high = (float) Math.log(SIGMA_MAX * SIGMA_MAX + 1f);
        float delta = 2f * (low / EPSILON - high) / (EPSILON - 1f);
        float min = high - 0.5f * delta;
        float[] times = new float[run.steps() + 1];
        for (int i = 0; i < times.length; i++) {
            float log = (float) Math.log(run.sigma(i) * run.sigma(i) + 1f);
            times[i] = ((float) Math.sqrt(min * min + 2f * delta * log) - min) / delta;
        }
        return new DeisWeights(min, delta, times);
    }

    double[] at(SamplerRun run, int i, int order) {
        if (order == 1) {
            return new double[] {(double) run.sigma(i + 1) - run.sigma(i)};
        }
        float from = times[i];
        float to = times[i + 1];
        float[] taus = Schedules.linspace(from, to, POINTS);
        double[] sums = new double[order];
        for (float tau : taus) {
            double integrand = integrand(tau);
            for (int j = 0; j < order; j++) {
                sums[j] += integrand * polynomial(tau, i, j, order);
            }
        }
        for (int j = 0; j < order; j++) {
            sums[j] *= (to - from) / POINTS;
        }
        return sums;
    }

    private double integrand(float tau) {
        float alpha = (float) Math.exp(-0.5f * tau * tau * betaDelta - tau * betaMin);
        float slope = -tau * betaDelta - betaMin;
        return -0.5 * slope / Math.sqrt(alpha * (1f - alpha));
    }

    private double polynomial(double tau, int i, int j, int order) {
        double product = 1;
        for (int k = 0; k < order; k++) {
            if (k != j) {
                product *= (tau - times[i - k]) / ((double) times[i - j] - times[i - k]);
            }
        }
        return product;
    }
}
