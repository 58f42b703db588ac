package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.sum;
import static comfyserverless.diffusion.sampling.Latents.times;

import comfyserverless.diffusion.torch.HostTensor;

/// Samplers that draw each level anew: DDPM's posterior, and LCM's noise on the denoised latent.
final class Markov {

    private Markov() {}

    static HostTensor ddpm(SamplerRun run, HostTensor start) {
        NoiseSource noise = run.freshNoise(start);
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            double sigma = run.sigma(i);
            double next = run.sigma(i + 1);
            HostTensor denoised = run.denoise(x, sigma);
            run.report(i, denoised);
            double signal = 1 / (sigma * sigma + 1);
            double nextSignal = 1 / (next * next + 1);
            double alpha = signal / nextSignal;
            HostTensor direction = difference(x, denoised, sigma);
            HostTensor mean =
                    sum(
                            Math.sqrt(1 / alpha) * Math.sqrt(signal),
                            x,
                            -Math.sqrt(1 / alpha) * (1 - alpha) / Math.sqrt(1 - signal),
                            direction);
            if (next == 0) {
                x = mean;
            } else {
                double spread = Math.sqrt((1 - alpha) * (1 - nextSignal) / (1 - signal));
                x =
                        times(
                                Math.sqrt(1 + next * next),
                                sum(1, mean, spread, noise.between(sigma, next)));
            }
        }
        return x;
    }

    static HostTensor lcm(SamplerRun run, HostTensor start) {
        NoiseSource noise = run.freshNoise(start);
        Prediction prediction = run.model().prediction();
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            double next = run.sigma(i + 1);
            x = run.denoise(x, run.sigma(i));
            run.report(i, x);
            if (next > 0) {
                x =
                        sum(
                                prediction.noiseFactor(next, false),
                                noise.between(run.sigma(i), next),
                                prediction.latentFactor(next),
                                x);
            }
        }
        return x;
    }
}
