package comfyserverless.diffusion.sampling;

/// A step that goes down to a lower level than wanted (`down`) and back up by noise (`up`): down² + up² = next².
record AncestralStep(double down, double up) {

    static AncestralStep between(double sigma, double next) {
        return between(sigma, next, 1);
    }

    /// @param eta how much of the noise that could be taken off and put on again is; 0 for none
    static AncestralStep between(double sigma, double next, double eta) {
        if (eta == 0) {
            return new AncestralStep(next, 0);
        }
        double variance = next * next * (sigma * sigma - next * next) / (sigma * sigma);
        double up = Math.min(next, eta * Math.sqrt(variance));
        return new AncestralStep(Math.sqrt(next * next - up * up), up);
    }
}
