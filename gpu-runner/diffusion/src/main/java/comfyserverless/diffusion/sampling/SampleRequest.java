package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run of a KSampler or KSamplerAdvanced node.
///
/// @param model the network
/// @param prompts what to draw and what not
/// @param latent what to start from
/// @param seed of the noise
/// @param plan how to go about it
public record SampleRequest(
        NoiseModel model, Prompting prompts, Latent latent, long seed, Plan plan) {

    /// Prompts and how much they count.
    ///
    /// @param positive prompts to follow
    /// @param negative prompts to avoid
    /// @param cfg how strongly; at 1 the negative prompts do not count
    public record Prompting(List<Conditioning> positive, List<Conditioning> negative, double cfg) {

        public Prompting {
            positive = List.copyOf(positive);
            negative = List.copyOf(negative);
        }
    }

    /// Where sampling starts.
    ///
    /// @param samples (batch, channels, height, width) in the autoencoder's scale
    /// @param noiseMask (…, height, width) of any size, 1 where to sample and 0 where to keep; null to sample all
    /// @param batchIndex each item's place in the batch its noise belongs to; empty when it is its own place
    public record Latent(
            HostTensor samples, @Nullable HostTensor noiseMask, List<Integer> batchIndex) {

        public Latent {
            batchIndex = List.copyOf(batchIndex);
        }

        public static Latent of(HostTensor samples) {
            return new Latent(samples, null, List.of());
        }
    }

    /// The way down.
    ///
    /// @param sampler as [Samplers] knows it
    /// @param steps steps of the whole way
    /// @param denoise share of the way that is gone, its end: 1 from pure noise, less from the given latent
    /// @param window the steps that are taken
    /// @param addNoise false when the latent carries its noise already
    public record Plan(
            String sampler,
            Scheduler scheduler,
            int steps,
            double denoise,
            Window window,
            boolean addNoise) {

        /// All steps, as a KSampler node takes them.
        public static Plan all(String sampler, Scheduler scheduler, int steps, double denoise) {
            return new Plan(sampler, scheduler, steps, denoise, Window.ALL, true);
        }
    }

    /// Some of the steps, as a KSamplerAdvanced node takes them.
    ///
    /// @param start the first step, from 0
    /// @param end the step before which to stop
    /// @param leaveNoise whether a latent from the middle keeps the noise it has there; else the last step denoises it
    ///     fully
    public record Window(int start, int end, boolean leaveNoise) {
        public static final Window ALL = new Window(0, Integer.MAX_VALUE, true);
    }
}
