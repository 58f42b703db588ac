package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The part of a UNet that tells its blocks the timestep, and the vector of the prompt where there is one
/// (`time_embed` and `label_emb`, ldm's openaimodel.py).
final class TimeEmbedding {

    private static final String LABEL = "label_emb.0.";

    private final Torch torch;
    private final Script script;
    private final int channels;
    private final DType type;
    private final Tensors time;
    private final @Nullable Tensors label;
    private final int vectorWidth;

    TimeEmbedding(Torch torch, StateDict dict, BlockReader reader, DType type) {
        this.torch = torch;
        this.script = torch.load(UNet.class, "unet.py");
        this.type = type;
        this.channels = Math.toIntExact(dict.entry("time_embed.0.weight", 2).size(1));
        this.time = reader.list(BlockReader.withBiases(List.of("time_embed.0", "time_embed.2")));
        boolean labelled = dict.containsUnder(LABEL);
        this.label =
                labelled
                        ? reader.list(BlockReader.withBiases(List.of(LABEL + "0", LABEL + "2")))
                        : null;
        this.vectorWidth =
                labelled ? Math.toIntExact(dict.entry(LABEL + "0.weight", 2).size(1)) : 0;
    }

    /// Activated, as the blocks read it: (batch, 4 × model channels).
    ///
    /// @throws IllegalArgumentException when there is no vector, or one of another width than the UNet takes
    Tensor of(Tensor timesteps, @Nullable Tensor vector, UNetObserver observer) {
        Tensor embedding =
                script.call("time_embedding").with(timesteps).with(channels).with(time).tensor();
        observer.saw("time_embed", embedding);
        Tensors layers = label;
        if (layers != null) {
            if (vector == null || vector.size(1) != vectorWidth) {
                throw new IllegalArgumentException(
                        "this model takes a vector of %d numbers for a prompt, but got %s: the prompt was encoded by the text encoder of another model"
                                .formatted(
                                        vectorWidth,
                                        vector == null ? "none" : "one of " + vector.size(1)));
            }
            Tensor labelled =
                    script.call("label_embedding")
                            .with(vector.to(type, torch.device()))
                            .with(layers)
                            .tensor();
            observer.saw("label_emb", labelled);
            embedding = embedding.add(labelled);
        }
        return script.call("silu").with(embedding).tensor();
    }
}
