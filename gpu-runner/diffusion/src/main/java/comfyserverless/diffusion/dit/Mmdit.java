package comfyserverless.diffusion.dit;

import static comfyserverless.diffusion.dit.Names.joined;
import static comfyserverless.diffusion.dit.Names.withBiases;

import comfyserverless.diffusion.model.DenoisingNetwork;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The network of Stable Diffusion 3 and 3.5: predicts the direction of the flow in a latent (`MMDiT`, mmdit.py of
/// ComfyUI 0.3.64).
///
/// Its widths and depths are those of the file; each block is one TorchScript call. Used on the device's thread.
public final class Mmdit implements DenoisingNetwork {

    private final Torch torch;
    private final Script script;
    private final MmditShape shape;
    private final DType weightType;
    private final Tensors patches;
    private final Tensor positions;
    private final Tensors timeEmbedder;
    private final Tensors vectorEmbedder;
    private final Tensors contextEmbedder;
    private final List<Block> blocks = new ArrayList<>();
    private final Tensors head;

    /// The weights of a joint block: those of the text's side and those of the picture's.
    private record Block(Tensors context, Tensors picture) {}

    /// Builds the model from weights under its prefix; they live as long as `owner` is open.
    public Mmdit(Torch torch, Weights weights, Scope owner) {
        this.torch = torch;
        this.script = torch.load(Mmdit.class, "mmdit.py");
        this.shape = MmditShape.of(weights.dict());
        this.weightType = weights.type();
        this.patches = weights.list(owner, withBiases("", "x_embedder.proj"));
        try (Scope _ = torch.scope()) {
            this.positions = owner.take(weights.get("pos_embed"));
        }
        this.timeEmbedder = weights.list(owner, withBiases("t_embedder.", "mlp.0", "mlp.2"));
        this.vectorEmbedder = weights.list(owner, withBiases("y_embedder.", "mlp.0", "mlp.2"));
        this.contextEmbedder = weights.list(owner, withBiases("", "context_embedder"));
        for (int i = 0; i < shape.blocks(); i++) {
            String at = "joint_blocks." + i + ".";
            blocks.add(
                    new Block(
                            weights.list(owner, side(weights.dict(), at + "context_block.")),
                            weights.list(owner, side(weights.dict(), at + "x_block."))));
        }
        this.head = weights.list(owner, withBiases("final_layer.", "linear", "adaLN_modulation.1"));
    }

    /// The last block only reads the text: its side has no more than what that takes.
    private List<String> side(StateDict dict, String start) {
        List<String> read =
                joined(withBiases(start, "adaLN_modulation.1", "attn.qkv"), norms(start + "attn."));
        if (!dict.contains(start + "attn.proj.weight")) {
            return read;
        }
        List<String> written = withBiases(start, "attn.proj", "mlp.fc1", "mlp.fc2");
        if (!dict.contains(start + "attn2.qkv.weight")) {
            return joined(read, written);
        }
        return joined(
                read,
                written,
                withBiases(start, "attn2.qkv"),
                norms(start + "attn2."),
                withBiases(start, "attn2.proj"));
    }

    private List<String> norms(String start) {
        return shape.normed() ? List.of(start + "ln_q.weight", start + "ln_k.weight") : List.of();
    }

    @Override
    public int inputChannels() {
        return shape.channels();
    }

    @Override
    public Optional<Integer> contextWidth() {
        return Optional.of(shape.contextWidth());
    }

    @Override
    public long workingBytes(long batch, long height, long width) {
        return shape.workingBytes(batch, height, width);
    }

    @Override
    public Steered under(NoiseModel.Context context, Scope owner) {
        Given given = Given.of(torch, context, owner);
        return (x, t) -> forward(given.with(x, t));
    }

    /// The predicted direction for a batch: (batch, channels, height, width), in the current scope.
    public Tensor forward(Inputs inputs) {
        return forward(inputs, ModuleObserver.NONE);
    }

    /// [#forward(Inputs)] under the eyes of an observer.
    ///
    /// @throws IllegalArgumentException when the picture is larger than the table of positions
    public Tensor forward(Inputs inputs, ModuleObserver observer) {
        try (Scope scope = torch.scope()) {
            Tensor x = inputs.x().to(weightType, torch.device());
            Tensor vec = vector(inputs, observer);
            Tensor picture = placed(x, observer);
            Tensor context =
                    script.call("linear")
                            .with(inputs.context().to(weightType, torch.device()))
                            .with(contextEmbedder)
                            .tensor();
            observer.saw("context_embedder", context);
            Tensor tokens = run(picture, context, vec, observer);
            observer.saw("final_layer", tokens);
            return scope.out(
                    script.call("picture").with(tokens).with(x.size(2)).with(x.size(3)).tensor());
        }
    }

    private Tensor placed(Tensor x, ModuleObserver observer) {
        long height = (x.size(2) + 1) / 2;
        long width = (x.size(3) + 1) / 2;
        if (height > shape.side() || width > shape.side()) {
            throw new IllegalArgumentException(
                    "a latent of %d × %d is too large for this model, which knows %d × %d"
                            .formatted(x.size(3), x.size(2), 2 * shape.side(), 2 * shape.side()));
        }
        Tensor cut = script.call("patches").with(x).with(patches).tensor();
        observer.saw("x_embedder", cut);
        return script.call("placed")
                .with(cut)
                .with(positions)
                .with(shape.side())
                .with(height)
                .with(width)
                .tensor();
    }

    /// silu of time and pooled text, embedded and summed.
    private Tensor vector(Inputs inputs, ModuleObserver observer) {
        Tensor time = script.call("sinusoids").with(inputs.timesteps()).with(timeEmbedder).tensor();
        observer.saw("t_embedder", time);
        Tensor pooled = inputs.vector().to(weightType, torch.device());
        Tensor text = script.call("two_layers").with(pooled).with(vectorEmbedder).tensor();
        observer.saw("y_embedder", text);
        return script.call("silu").with(time.add(text)).tensor();
    }

    private Tensor run(Tensor picture, Tensor context, Tensor vec, ModuleObserver observer) {
        try (Scope scope = torch.scope()) {
            Tensor x = picture;
            Tensor text = context;
            for (int i = 0; i < blocks.size(); i++) {
                try (Scope inner = torch.scope()) {
                    Tensors both =
                            script.call("joint_block")
                                    .with(text)
                                    .with(x)
                                    .with(vec)
                                    .with(blocks.get(i).context())
                                    .with(blocks.get(i).picture())
                                    .with(shape.normed() ? 2 : 0)
                                    .with(shape.heads())
                                    .tensors();
                    x = inner.out(part(both, 0));
                    if (i < blocks.size() - 1) {
                        text = inner.out(part(both, 1));
                        observer.saw("joint_blocks." + i, text);
                    }
                }
            }
            return scope.out(script.call("head").with(x).with(vec).with(head).tensor());
        }
    }

    private Tensor part(Tensors parts, int index) {
        return script.call("part").with(parts).with(index).tensor();
    }
}
