package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;

/// Euler steps that go lower than needed and come back up with fresh noise.
///
/// @param eta how much lower; at 0 plain Euler steps
/// @param strength factor of the noise
public record EulerAncestral(double eta, double strength) implements Sampler {

    @Override
    public HostTensor sample(SamplerRun run, HostTensor start) {
        boolean flow = run.model().prediction() == Prediction.FLOW;
        NoiseSource noise = run.freshNoise(start);
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            float sigma = run.sigma(i);
            float next = run.sigma(i + 1);
            HostTensor denoised = run.denoise(x, sigma);
            run.report(i, denoised);
            x =
                    flow
                            ? flowing(x, denoised, sigma, next, noise)
                            : ancestral(x, denoised, sigma, next, noise);
        }
        return x;
    }

    private HostTensor ancestral(
            HostTensor x, HostTensor denoised, float sigma, float next, NoiseSource noise) {
        AncestralStep step = AncestralStep.between(sigma, next, eta);
        if (step.down() == 0) {
            return denoised;
        }
        HostTensor moved = plus(x, step.down() - sigma, difference(x, denoised, sigma));
        return plus(moved, step.up() * strength, noise.between(sigma, next));
    }

    private HostTensor flowing(
            HostTensor x, HostTensor denoised, float sigma, float next, NoiseSource noise) {
        if (next == 0) {
            return denoised;
        }
        FlowStep step = FlowStep.between(sigma, next, eta);
        double share = step.down() / sigma;
        HostTensor moved = sum(share, x, 1 - share, denoised);
        return eta > 0 ? step.renoised(moved, strength, noise.between(sigma, next)) : moved;
    }
}
