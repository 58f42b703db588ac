package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;

import comfyserverless.diffusion.torch.HostTensor;

/// DPM-Solver-2: each step along the direction at the geometric mean of its two levels.
final class Dpm2 {

    private Dpm2() {}

    static HostTensor sample(SamplerRun run, HostTensor start) {
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            x = step(run, x, i, run.sigma(i + 1));
        }
        return x;
    }

    static HostTensor ancestral(SamplerRun run, HostTensor start) {
        if (run.model().prediction() == Prediction.FLOW) {
            return flowing(run, start);
        }
        NoiseSource noise = run.freshNoise(start);
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            AncestralStep step = AncestralStep.between(run.sigma(i), run.sigma(i + 1));
            x = step(run, x, i, step.down());
            if (step.down() != 0) {
                x = plus(x, step.up(), noise.between(run.sigma(i), run.sigma(i + 1)));
            }
        }
        return x;
    }

    private static HostTensor flowing(SamplerRun run, HostTensor start) {
        NoiseSource noise = run.freshNoise(start);
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            FlowStep step = FlowStep.between(run.sigma(i), run.sigma(i + 1), 1);
            x = step(run, x, i, step.down());
            if (step.down() != 0) {
                x = step.renoised(x, 1, noise.between(run.sigma(i), run.sigma(i + 1)));
            }
        }
        return x;
    }

    private static HostTensor step(SamplerRun run, HostTensor x, int i, double target) {
        double sigma = run.sigma(i);
        HostTensor denoised = run.denoise(x, sigma);
        run.report(i, denoised);
        HostTensor d = difference(x, denoised, sigma);
        if (target == 0) {
            return plus(x, target - sigma, d);
        }
        double middle = Math.sqrt(sigma * target);
        HostTensor between = plus(x, middle - sigma, d);
        return plus(x, target - sigma, difference(between, run.denoise(between, middle), middle));
    }
}
