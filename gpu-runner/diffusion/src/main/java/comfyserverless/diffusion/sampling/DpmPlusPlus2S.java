package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;

/// Ancestral DPM-Solver++(2S): two evaluations a step, the second half way in log sigma; and its CFG++ form.
///
/// @param eta how much lower than needed steps go
/// @param strength factor of the noise that brings them up again
public record DpmPlusPlus2S(double eta, double strength) implements Sampler {

    /// Half way down from pure noise, where a logarithm has no end.
    private static final double NEARLY_ALL = 0.9999;

    @Override
    public HostTensor sample(SamplerRun run, HostTensor start) {
        return run.model().prediction() == Prediction.FLOW
                ? flowing(run, start)
                : ancestral(run, start);
    }

    private HostTensor ancestral(SamplerRun run, HostTensor start) {
        NoiseSource noise = run.freshNoise(start);
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            double sigma = run.sigma(i);
            HostTensor denoised = run.denoise(x, sigma);
            run.report(i, denoised);
            AncestralStep step = AncestralStep.between(sigma, run.sigma(i + 1), eta);
            x = step.down() == 0 ? denoised : solve(run, x, sigma, step.down(), denoised);
            if (run.sigma(i + 1) > 0) {
                x = plus(x, step.up() * strength, noise.between(sigma, run.sigma(i + 1)));
            }
        }
        return x;
    }

    private HostTensor flowing(SamplerRun run, HostTensor start) {
        NoiseSource noise = run.freshNoise(start);
        Snr snr = Snr.of(run);
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            double sigma = run.sigma(i);
            double next = run.sigma(i + 1);
            HostTensor denoised = run.denoise(x, sigma);
            run.report(i, denoised);
            if (next == 0) {
                x = denoised;
                continue;
            }
            FlowStep step = FlowStep.between(sigma, next, eta);
            double middle =
                    sigma == 1
                            ? NEARLY_ALL
                            : snr.sigma((snr.lambda(sigma) + snr.lambda(step.down())) / 2);
            HostTensor between = sum(middle / sigma, x, 1 - middle / sigma, denoised);
            HostTensor second = run.denoise(between, middle);
            x = sum(step.down() / sigma, x, 1 - step.down() / sigma, second);
            if (eta > 0) {
                x = step.renoised(x, strength, noise.between(sigma, next));
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
