package comfyserverless.diffusion.model;

import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Tensor;
import java.util.Optional;

/// A network that predicts what denoising needs (noise, velocity or direction), whatever it is made of. Used on the
/// device's thread.
public interface DenoisingNetwork {

    /// Channels of the latents that it takes.
    int inputChannels();

    /// Numbers per token that it reads; empty when it takes any.
    Optional<Integer> contextWidth();

    /// Memory that a pass over a batch takes, in bytes.
    long workingBytes(long batch, long height, long width);

    /// The network under a context: what can be computed of the prompts and controls alone is computed here, once for all
    /// steps.
    ///
    /// @param owner takes the tensors that are kept, and outlives the result
    /// @throws IllegalArgumentException when the context lacks what the network takes, or is steered by what it does not
    ///     know
    Steered under(NoiseModel.Context context, Scope owner);

    /// A network under one context.
    @FunctionalInterface
    interface Steered {

        /// The prediction, in the current scope.
        ///
        /// @param x (batch, channels, height, width), scaled as the network wants it
        /// @param timesteps (batch)
        /// @return (batch, channels, height, width)
        Tensor predict(Tensor x, Tensor timesteps);

        /// [#predict(Tensor, Tensor)] with changes inside, as far as the network knows them.
        default Tensor predict(Tensor x, Tensor timesteps, NoiseModel.Inside inside) {
            return predict(x, timesteps);
        }
    }
}
