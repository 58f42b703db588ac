package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// LCM's steps on a latent that grows during the first of them.
///
/// @param scale how much larger it is in the end
/// @param steps during how many steps it grows; negative for half of them
/// @param resize makes latents larger or smaller
public record LcmUpscale(double scale, int steps, Resize resize) implements Sampler {

    /// Brings latents to another size.
    @FunctionalInterface
    public interface Resize {
        HostTensor to(HostTensor latent, int width, int height);
    }

    @Override
    public HostTensor sample(SamplerRun run, HostTensor start) {
        NormalGenerator noise = run.noiseAfterTheFirst(start);
        int levels = run.steps() + 1;
        int growing =
                steps < 0 ? Math.max(levels / 2 + 1, 2) - 1 : Math.min(steps + 1, levels + 1) - 1;
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            x = run.denoise(x, run.sigma(i));
            run.report(i, x);
            if (i < growing) {
                double factor = 1 + (scale - 1) * (i + 1) / growing;
                x =
                        resize.to(
                                x,
                                (int) Math.rint(start.size(3) * factor),
                                (int) Math.rint(start.size(2) * factor));
            }
            if (run.sigma(i + 1) > 0) {
                x = Latents.plus(x, run.sigma(i + 1), noise.next(x.shape()));
            }
        }
        return x;
    }
}
