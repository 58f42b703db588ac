package comfyserverless.diffusion.sampling;

import java.util.Arrays;
import java.util.Locale;

/// The schedulers of ComfyUI 0.3.64, in its order: each picks the sigmas that sampling steps through.
public enum Scheduler {
    SIMPLE,
    SGM_UNIFORM,
    KARRAS,
    EXPONENTIAL,
    DDIM_UNIFORM,
    BETA,
    NORMAL,
    LINEAR_QUADRATIC,
    KL_OPTIMAL;

    /// The scheduler of a name as a workflow writes it.
    ///
    /// @throws IllegalArgumentException naming the known ones
    public static Scheduler named(String name) {
        return Arrays.stream(values())
                .filter(s -> s.wireName().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "no scheduler '"
                                        + name
                                        + "'; there are "
                                        + Arrays.stream(values())
                                                .map(Scheduler::wireName)
                                                .toList()));
    }

    /// As a workflow writes it: `sgm_uniform`.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The sigmas for `steps` steps: steps + 1 numbers, falling, 0 at the end. (ddim_uniform and beta may give a few
    /// more or fewer.)
    public float[] sigmas(ModelSampling model, int steps) {
        return switch (this) {
            case SIMPLE -> Schedules.simple(model, steps);
            case SGM_UNIFORM -> Schedules.uniform(model, steps, true);
            case KARRAS -> Schedules.karras(steps, model.sigmaMin(), model.sigmaMax(), 7);
            case EXPONENTIAL -> Schedules.exponential(steps, model.sigmaMin(), model.sigmaMax());
            case DDIM_UNIFORM -> Schedules.ddim(model, steps);
            case BETA -> Schedules.beta(model, steps, 0.6, 0.6);
            case NORMAL -> Schedules.uniform(model, steps, false);
            case LINEAR_QUADRATIC -> Schedules.linearQuadratic(model, steps, 0.025);
            case KL_OPTIMAL -> Schedules.klOptimal(steps, model.sigmaMin(), model.sigmaMax());
        };
    }
}
