package comfyserverless.runner.nodes.model;

import comfyserverless.diffusion.DiffusionModel;
import comfyserverless.diffusion.PromptEncoder;
import comfyserverless.diffusion.adapter.AppliedLora;
import comfyserverless.nodeapi.Value;
import java.util.List;
import java.util.function.Function;

/// What MODEL, CLIP and VAE sockets carry.
public sealed interface ModelHandle {
    CheckpointRef checkpoint();

    /// The network of a checkpoint.
    ///
    /// @param loras the adapters laid on it, in their order
    record Network(CheckpointRef checkpoint, List<AppliedLora> loras) implements ModelHandle {
        public Network {
            loras = List.copyOf(loras);
        }

        Value.Handle value() {
            return new Value.Handle("MODEL", this);
        }

        /// Runs something with it.
        public <T> T use(Function<DiffusionModel, T> work) {
            return checkpoint.use(loaded -> loaded.withModel(loras, work));
        }
    }

    /// The text encoder of a checkpoint.
    ///
    /// @param layer which layer's output is taken, counted from the end (-1: the last)
    /// @param loras the adapters laid on it, in their order
    record Encoder(CheckpointRef checkpoint, int layer, List<AppliedLora> loras)
            implements ModelHandle {
        public Encoder {
            loras = List.copyOf(loras);
        }

        public Value.Handle value() {
            return new Value.Handle("CLIP", this);
        }

        /// Runs something with it.
        public <T> T use(Function<PromptEncoder, T> work) {
            return checkpoint.use(loaded -> loaded.withClip(loras, work));
        }
    }

    /// The autoencoder of a checkpoint.
    record Autoencoder(CheckpointRef checkpoint) implements ModelHandle {
        Value.Handle value() {
            return new Value.Handle("VAE", this);
        }
    }
}
