package comfyserverless.diffusion.sampling;

import java.util.Arrays;
import java.util.Set;

/// The sigmas one run of a sampler goes through (`KSampler`, ComfyUI 0.3.64).
final class SamplerSteps {

    private static final Set<String> DROP_SECOND_LAST =
            Set.of("dpm_2", "dpm_2_ancestral", "uni_pc", "uni_pc_bh2");
    private static final double FULL = 0.9999;

    private SamplerSteps() {}

    /// The last `steps` steps of a schedule so long that they are the share `denoise` of it. Empty when nothing is to
    /// be denoised.
    static float[] sigmas(
            ModelSampling model, Scheduler scheduler, String sampler, int steps, double denoise) {
        if (denoise > FULL) {
            return schedule(model, scheduler, sampler, steps);
        }
        if (denoise <= 0) {
            return new float[0];
        }
        float[] all = schedule(model, scheduler, sampler, (int) (steps / denoise));
        return Arrays.copyOfRange(all, Math.max(0, all.length - steps - 1), all.length);
    }

    /// Cuts a schedule to the steps from `start` to `end`; with `toZero` the last one denoises fully even before the
    /// schedule's end. Empty when no step is left.
    static float[] window(float[] sigmas, int start, int end, boolean toZero) {
        float[] window = sigmas;
        if (end < window.length - 1) {
            window = Arrays.copyOf(window, end + 1);
            if (toZero) {
                window[window.length - 1] = 0;
            }
        }
        return start < window.length - 1
                ? Arrays.copyOfRange(window, start, window.length)
                : new float[0];
    }

    private static float[] schedule(
            ModelSampling model, Scheduler scheduler, String sampler, int steps) {
        if (!DROP_SECOND_LAST.contains(sampler)) {
            return scheduler.sigmas(model, steps);
        }
        float[] longer = scheduler.sigmas(model, steps + 1);
        float[] sigmas = Arrays.copyOf(longer, longer.length - 1);
        sigmas[sigmas.length - 1] = longer[longer.length - 1];
        return sigmas;
    }
}
