package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.List;
import java.util.Map;

/// A diffusion network as sampling sees it. Called from one thread at a time.
public interface NoiseModel {

    ModelSampling sampling();

    LatentFormat latentFormat();

    /// The network's raw output for a batch.
    ///
    /// @param x (batch, channels, height, width), scaled as the network wants it
    /// @param timesteps one for each item
    /// @param context what the items are steered by; the same object at each step of a run, so that what is derived
    ///     from it can be kept
    /// @return (batch, channels, height, width)
    HostTensor predict(HostTensor x, float[] timesteps, Context context);

    /// What the network takes of a prompt besides its text: the same ones for every prompt, each (1, …), or with one for
    /// each item of the batch. Called once for each prompt of a run.
    default Map<Extra, HostTensor> extras(Conditioning prompt, Frame frame) {
        return Map.of();
    }

    /// What a prompt is used for.
    ///
    /// @param height of the whole latent
    /// @param width of the whole latent
    /// @param negative whether it says what not to draw
    record Frame(int height, int width, boolean negative) {}

    /// [#predict(HostTensor, float\[\], Context)] with changes inside the network.
    default HostTensor predict(HostTensor x, float[] timesteps, Context context, Inside inside) {
        return predict(x, timesteps, context);
    }

    /// What is changed inside a network during one evaluation.
    ///
    /// @param patches the changes, in their order; a network leaves out those that it does not know
    /// @param parts what each equal part of the batch is evaluated for
    /// @param sigma the noise level
    record Inside(List<BlockPatch> patches, List<Side> parts, float sigma) {
        public Inside {
            patches = List.copyOf(patches);
            parts = List.copyOf(parts);
        }
    }

    /// What is laid on the model, in this order.
    default List<ModelPatch> patches() {
        return List.of();
    }

    /// Encoded prompts of a batch.
    ///
    /// @param crossAttention (batch, tokens, width)
    /// @param extras what else the network takes, (batch, …) each
    /// @param controls what else steers the batch, in the order in which it was applied
    record Context(
            HostTensor crossAttention, Map<Extra, HostTensor> extras, List<Steering> controls) {

        public Context {
            extras = Map.copyOf(extras);
            controls = List.copyOf(controls);
        }

        /// Prompts without controls.
        public Context(HostTensor crossAttention, Map<Extra, HostTensor> extras) {
            this(crossAttention, extras, List.of());
        }
    }

    /// A control for a batch.
    ///
    /// @param pictures (batch or 1, channels, height, width) in the size that the model wants
    /// @param strength factor of what it adds
    record Steering(ControlModel model, HostTensor pictures, double strength) {}
}
