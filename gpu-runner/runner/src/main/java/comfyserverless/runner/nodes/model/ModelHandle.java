package comfyserverless.runner.nodes.model;

import comfyserverless.nodeapi.Value;

/// What MODEL, CLIP and VAE sockets carry.
public sealed interface ModelHandle {
    CheckpointRef checkpoint();

    /// The network of a checkpoint.
    record Network(CheckpointRef checkpoint) implements ModelHandle {
        Value.Handle value() {
            return new Value.Handle("MODEL", this);
        }
    }

    /// The text encoder of a checkpoint.
    ///
    /// @param layer which layer's output is taken, counted from the end (-1: the last)
    record Encoder(CheckpointRef checkpoint, int layer) implements ModelHandle {
        public Value.Handle value() {
            return new Value.Handle("CLIP", this);
        }
    }

    /// The autoencoder of a checkpoint.
    record Autoencoder(CheckpointRef checkpoint) implements ModelHandle {
        Value.Handle value() {
            return new Value.Handle("VAE", this);
        }
    }
}
