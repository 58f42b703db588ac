package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;

/// Ancestral DPM-Solver++(2S): two evaluations a step, the second half way in log sigma; and its CFG++ form.
final class DpmPlusPlus2S {

    private DpmPlusPlus2S() {}

    static HostTensor ancestral(SamplerRun run, HostTensor start) {
        NoiseSource noise = run.freshNoise(start);
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            double sigma = run.sigma(i);
            HostTensor denoised = run.denoise(x, sigma);
            run.report(i, denoised);
            AncestralStep step = AncestralStep.between(sigma, run.sigma(i + 1));
            x = step.down() == 0 ? denoised : solve(run, x, sigma, step.down(), denoised);
            if (run.sigma(i + 1) > 0) {
                x = plus(x, step.up(), noise.between(sigma, run.sigma(i + 1)));
            }
        }
        return x;
    }

    static HostTensor ancestralCfgPlusPlus(SamplerRun run, HostTensor start) {
        NoiseSource noise = run.freshNoise(start);
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            double sigma = run.sigma(i);
            Denoiser.Guided guided = run.denoiseBoth(x, sigma);
            HostTensor denoised = guided.denoised();
            run.report(i, denoised);
            AncestralStep step = AncestralStep.between(sigma, run.sigma(i + 1));
            x = step.down() == 0 ? denoised : solveGuided(run, x, sigma, step.down(), guided);
            if (run.sigma(i + 1) > 0) {
                x = plus(x, step.up(), noise.between(sigma, run.sigma(i + 1)));
            }
        }
        return x;
    }

    private static HostTensor solve(
            SamplerRun run, HostTensor x, double sigma, double target, HostTensor denoised) {
        double middle = Math.sqrt(sigma * target);
        HostTensor between = sum(middle / sigma, x, 1 - middle / sigma, denoised);
        HostTensor second = run.denoise(between, middle);
        return sum(target / sigma, x, 1 - target / sigma, second);
    }

    /// Both stages start from the latent pushed by the guidance. The push of the second is against what the negative
    /// prompt gives half way, as in the original.
    private static HostTensor solveGuided(
            SamplerRun run, HostTensor x, double sigma, double target, Denoiser.Guided first) {
        double middle = Math.sqrt(sigma * target);
        HostTensor pushed = sum(1, x, 1, first.denoised(), -1, first.unconditional());
        HostTensor between = sum(middle / sigma, pushed, 1 - middle / sigma, first.denoised());
        Denoiser.Guided second = run.denoiseBoth(between, middle);
        HostTensor pushedAgain = sum(1, x, 1, first.denoised(), -1, second.unconditional());
        return sum(target / sigma, pushedAgain, 1 - target / sigma, second.denoised());
    }
}
