package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;

/// Heun's method and its three-stage relative heunpp2: steps along a mean of directions.
final class Heun {

    private Heun() {}

    static HostTensor heun(SamplerRun run, HostTensor start) {
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            float sigma = run.sigma(i);
            float next = run.sigma(i + 1);
            double dt = next - sigma;
            HostTensor d = direction(run, x, sigma, i);
            if (next == 0) {
                x = plus(x, dt, d);
            } else {
                HostTensor there = plus(x, dt, d);
                HostTensor d2 = difference(there, run.denoise(there, next), next);
                x = plus(x, dt, sum(0.5, d, 0.5, d2));
            }
        }
        return x;
    }

    /// Weighs the directions at this level and the next one or two by their sigmas over the first one.
    static HostTensor plusPlus(SamplerRun run, HostTensor start) {
        float last = run.sigma(run.steps());
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            float sigma = run.sigma(i);
            float next = run.sigma(i + 1);
            double dt = next - sigma;
            HostTensor d = direction(run, x, sigma, i);
            HostTensor there = plus(x, dt, d);
            if (next == last) {
                x = there;
                continue;
            }
            HostTensor d2 = difference(there, run.denoise(there, next), next);
            float after = run.sigma(i + 2);
            if (after == last) {
                double w2 = next / (2.0 * run.sigma(0));
                x = plus(x, dt, sum(1 - w2, d, w2, d2));
            } else {
                HostTensor beyond = plus(there, after - next, d2);
                HostTensor d3 = difference(beyond, run.denoise(beyond, after), after);
                double w2 = next / (3.0 * run.sigma(0));
                double w3 = after / (3.0 * run.sigma(0));
                x = plus(x, dt, sum(1 - w2 - w3, d, w2, d2, w3, d3));
            }
        }
        return x;
    }

    private static HostTensor direction(SamplerRun run, HostTensor x, float sigma, int step) {
        HostTensor denoised = run.denoise(x, sigma);
        run.report(step, denoised);
        return difference(x, denoised, sigma);
    }
}
