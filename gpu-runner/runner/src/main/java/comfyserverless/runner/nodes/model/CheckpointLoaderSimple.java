package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.modelFile;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Output;
import comfyserverless.diffusion.Checkpoint;
import comfyserverless.diffusion.ModelFiles;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
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
                ModelHandle.Encoder.plain(checkpoint.part(Checkpoint::text)).value(),
                new ModelHandle.Autoencoder(checkpoint.part(Checkpoint::vae)).value());
    }
}
