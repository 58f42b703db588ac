package comfyserverless.diffusion.sampling;

/// The levels of latent consistency models, which keep part of their input: the more, the nearer they are to the end
/// (`LCM`, ComfyUI 0.3.64).
record ConsistencySampling(DiscreteSampling levels) implements ModelSampling {

    private static final double DATA = 0.5;
    private static final double TIMESTEP_SCALE = 10;

    @Override
    public Prediction prediction() {
        return levels.prediction();
    }

    @Override
    public float[] table() {
        return levels.table();
    }

    @Override
    public float timestep(float sigma) {
        return levels.timestep(sigma);
    }

    @Override
    public float sigma(float timestep) {
        return levels.sigma(timestep);
    }

    @Override
    public double percentToSigma(double percent) {
        return levels.percentToSigma(percent);
    }

    @Override
    public double kept(float sigma) {
        double t = timestep(sigma) * TIMESTEP_SCALE;
        return taken(t) + DATA * DATA / (t * t + DATA * DATA);
    }

    @Override
    public double output(float sigma) {
        return -sigma * taken(timestep(sigma) * TIMESTEP_SCALE);
    }

    private static double taken(double t) {
        return t / Math.sqrt(t * t + DATA * DATA);
    }
}
