package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.Weights;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The UNet of Stable Diffusion 1.x: predicts the noise in a latent (`UNetModel`, ldm's openaimodel.py).
///
/// Its levels, blocks and widths are those of the checkpoint; each block is one TorchScript call. Used on the device's
/// thread.
public final class UNet {

    private final Torch torch;
    private final Script script;

    private final UNetShape shape;
    private final DType weightType;
    private final Tensors timeEmbedding;
    private final List<List<Block>> inputs;
    private final List<Block> middle;
    private final List<List<Block>> outputs;
    private final Tensors head;

    /// Builds the model from weights under its prefix (`model.diffusion_model.`); they live as long as `owner` is open.
    public UNet(Torch torch, Weights weights, Scope owner) {
        this.torch = torch;
        this.script = torch.load(UNet.class, "unet.py");

        this.shape = UNetShape.of(weights.dict());
        this.weightType = weights.type();
        BlockReader reader = new BlockReader(weights, owner, shape.heads());
        this.timeEmbedding =
                reader.list(BlockReader.withBiases(List.of("time_embed.0", "time_embed.2")));
        this.inputs = reader.stages("input_blocks");
        this.middle = reader.stage("middle_block");
        this.outputs = reader.stages("output_blocks");
        this.head = reader.list(BlockReader.withBiases(List.of("out.0", "out.2")));
    }

    public UNetShape shape() {
        return shape;
    }

    /// The predicted noise for a batch of noisy latents.
    ///
    /// @param x (batch, input channels, height, width), already scaled as the model wants it
    /// @param timesteps one for each item: (batch)
    /// @param context the texts' encodings: (batch, tokens, context width)
    /// @return (batch, output channels, height, width), in the current scope
    public Tensor forward(Tensor x, Tensor timesteps, Tensor context) {
        return forward(x, timesteps, context, null, UNetObserver.NONE);
    }

    /// [#forward(Tensor, Tensor, Tensor)] under the eyes of an observer.
    public Tensor forward(Tensor x, Tensor timesteps, Tensor context, UNetObserver observer) {
        return forward(x, timesteps, context, null, observer);
    }

    /// [#forward(Tensor, Tensor, Tensor)] with what controls add.
    public Tensor forward(
            Tensor x, Tensor timesteps, Tensor context, @Nullable Residuals residuals) {
        return forward(x, timesteps, context, residuals, UNetObserver.NONE);
    }

    private Tensor forward(
            Tensor x,
            Tensor timesteps,
            Tensor context,
            @Nullable Residuals residuals,
            UNetObserver observer) {
        try (Scope scope = torch.scope()) {
            Tensor embedding =
                    script.call("time_embedding")
                            .with(timesteps)
                            .with(shape.modelChannels())
                            .with(timeEmbedding)
                            .tensor();
            observer.saw("time_embed", embedding);
            Tensor activated = script.call("silu").with(embedding).tensor();
            Tensor read = context.to(weightType, torch.device());
            Block.Pass pass = new Block.Pass(script, activated, read, observer);
            Tensor out = run(x.to(weightType, torch.device()), residuals, pass);
            observer.saw("out", out);
            return scope.out(out);
        }
    }

    private Tensor run(Tensor x, @Nullable Residuals residuals, Block.Pass pass) {
        Deque<Tensor> skips = new ArrayDeque<>();
        Tensor h = x;
        for (List<Block> stage : inputs) {
            h = runStage(stage, h, null, pass);
            skips.push(h);
        }
        h = runStage(middle, h, null, pass);
        Deque<Tensor> added = new ArrayDeque<>();
        if (residuals != null) {
            h = Residuals.added(h, residuals.middle());
            residuals.outputs().forEach(added::push);
        }
        for (List<Block> stage : outputs) {
            try (Scope scope = torch.scope()) {
                Tensor skip = skips.pop();
                Tensor residual = added.poll();
                Tensor joined =
                        torch.cat(1, h, residual == null ? skip : Residuals.added(skip, residual));
                h = scope.out(runStage(stage, joined, skips.peek(), pass));
            }
        }
        return script.call("head").with(h).with(head).tensor();
    }

    /// Runs the blocks of one stage; upsampling goes to the size of the next skip connection, so that odd sizes come
    /// back to what they were.
    private Tensor runStage(List<Block> stage, Tensor x, @Nullable Tensor next, Block.Pass pass) {
        try (Scope scope = torch.scope()) {
            Tensor h = x;
            for (Block block : stage) {
                h =
                        block instanceof Block.Upsampling up && next != null
                                ? up.run(h, next.size(2), next.size(3), pass)
                                : block.run(h, pass);
                pass.observer().saw(block.name(), h);
            }
            return scope.out(h);
        }
    }
}
