package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;
import org.jspecify.annotations.Nullable;

/// DPM-Solver++(2M): second order from the two last results (arXiv 2211.01095), and its CFG++ form.
final class DpmPlusPlus2M {

    private DpmPlusPlus2M() {}

    static HostTensor sample(SamplerRun run, HostTensor start) {
        HostTensor x = start;
        @Nullable HostTensor before = null;
        for (int i = 0; i < run.steps(); i++) {
            HostTensor denoised = run.denoise(x, run.sigma(i));
            run.report(i, denoised);
            double next = run.sigma(i + 1);
            double h = time(next) - time(run.sigma(i));
            HostTensor target = denoised;
            if (before != null && next != 0) {
                double r = (time(run.sigma(i)) - time(run.sigma(i - 1))) / h;
                target = sum(1 + 1 / (2 * r), denoised, -1 / (2 * r), before);
            }
            x = sum(next / run.sigma(i), x, -Math.expm1(-h), target);
            before = denoised;
        }
        return x;
    }

    static HostTensor cfgPlusPlus(SamplerRun run, HostTensor start) {
        HostTensor x = start;
        @Nullable HostTensor before = null;
        for (int i = 0; i < run.steps(); i++) {
            Denoiser.Guided guided = run.denoiseBoth(x, run.sigma(i));
            HostTensor denoised = guided.denoised();
            run.report(i, denoised);
            double next = run.sigma(i + 1);
            double h = time(next) - time(run.sigma(i));
            HostTensor mix = Latents.times(-Math.exp(-h), guided.unconditional());
            if (before != null && next != 0) {
                double r = (time(run.sigma(i)) - time(run.sigma(i - 1))) / h;
                double weight = -Math.expm1(-h) / (2 * r);
                mix = sum(1, mix, weight, denoised, -weight, before);
            }
            x = sum(1, denoised, 1, mix, Math.exp(-h), x);
            before = guided.unconditional();
        }
        return x;
    }

    /// The time in which the solver's steps are straight: −log sigma; infinite where no noise is left.
    private static double time(double sigma) {
        return -Math.log(sigma);
    }
}
