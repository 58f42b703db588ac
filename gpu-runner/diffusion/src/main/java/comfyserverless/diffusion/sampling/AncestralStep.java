package comfyserverless.diffusion.sampling;

/// A step that goes down to a lower level than wanted (`down`) and back up by noise (`up`): down² + up² = next². `up` is
/// rounded to single precision and `down` computed in it, as by ComfyUI: where `next` is a thousandth of `sigma`, rounding
/// is most of `down`.
record AncestralStep(double down, double up) {

    static AncestralStep between(double sigma, double next) {
        return between(sigma, next, 1);
    }

    /// @param eta how much of the noise that could be taken off and put on again is; 0 for none
    static AncestralStep between(double sigma, double next, double eta) {
        if (eta == 0) {
            return new AncestralStep(next, 0);
        }
        float after = (float) (next * next);
        double share = Math.sqrt(1 - next * next / (sigma * sigma));
        float possible = (float) eta * (float) (next * share);
        float up = possible < (float) next ? possible : (float) next; // also from nothing but noise
        return new AncestralStep((float) Math.sqrt(Math.max(0f, after - up * up)), up);
    }
}
