package comfyserverless.diffusion.sampling;

/// A step that goes down to a lower level than wanted (`down`) and back up by noise (`up`): down² + up² = next².
record AncestralStep(double down, double up) {

    static AncestralStep between(double sigma, double next) {
        double variance = next * next * (sigma * sigma - next * next) / (sigma * sigma);
        double up = Math.min(next, Math.sqrt(variance));
        return new AncestralStep(Math.sqrt(next * next - up * up), up);
    }
}
