package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.modelFile;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Output;
import comfyserverless.diffusion.Checkpoint;
import comfyserverless.diffusion.ModelFiles;
import comfyserverless.diffusion.TextEncoder;
import comfyserverless.diffusion.vae.Vae;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import java.nio.file.Path;

/// Loads a checkpoint: network, text encoder and autoencoder in one file.
public final class CheckpointLoaderSimple implements Node {
    private final LoadedModels models;

    public CheckpointLoaderSimple(LoadedModels models) {
        this.models = models;
    }

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("CheckpointLoaderSimple", "nodes")
                .displayed("Load Checkpoint")
                .category("loaders")
                .describe("Loads a whole model from one file of the checkpoints folder.")
                .required("ckpt_name", modelFile("checkpoints").tooltip("The file to load."))
                .output(new Output("MODEL", "MODEL", false, "The network that samplers run."))
                .output(new Output("CLIP", "CLIP", false, "The text encoder for prompts."))
                .output(
                        new Output(
                                "VAE",
                                "VAE",
                                false,
                                "The autoencoder between pictures and latents."))
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Path file = context.files().model("checkpoints", in.text("ckpt_name"));
        ModelRef<Checkpoint> checkpoint =
                models.load(LoadedModels.Wanted.of(Checkpoint.class, file, ModelFiles::checkpoint));
        return Outputs.of(
                ModelHandle.Network.plain(checkpoint.part(Checkpoint::network)).value(),
                ModelHandle.Encoder.plain(checkpoint.part(CheckpointLoaderSimple::text)).value(),
                new ModelHandle.Autoencoder(checkpoint.part(CheckpointLoaderSimple::vae)).value());
    }

    /// A file without text encoders is told when a node uses them, not before: many use the network alone.
    private static TextEncoder text(Checkpoint checkpoint) {
        return checkpoint.text().orElseThrow(() -> missing("text encoder", "CLIPLoader"));
    }

    private static Vae vae(Checkpoint checkpoint) {
        return checkpoint.vae().orElseThrow(() -> missing("VAE", "VAELoader"));
    }

    private static NodeException missing(String part, String loader) {
        return new NodeException(
                "RuntimeError",
                "the checkpoint holds no %s; load one by %s, or choose a whole checkpoint"
                        .formatted(part, loader));
    }
}
