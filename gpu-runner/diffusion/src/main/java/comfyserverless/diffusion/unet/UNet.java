package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.model.DenoisingNetwork;
import comfyserverless.diffusion.sampling.Extra;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.Weights;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The UNet of Stable Diffusion 1, 2 and XL: predicts the noise in a latent (`UNetModel`, ldm's openaimodel.py).
///
/// Its levels, blocks and widths are those of the checkpoint; each block is one TorchScript call. Used on the device's
/// thread.
public final class UNet implements DenoisingNetwork {

    private final Torch torch;
    private final Script script;

    private final UNetShape shape;
    private final DType weightType;
    private final TimeEmbedding embedding;
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
        this.embedding = new TimeEmbedding(torch, weights.dict(), reader, weightType);
        this.inputs = reader.stages("input_blocks");
        this.middle = reader.stage("middle_block");
        this.outputs = reader.stages("output_blocks");
        this.head = reader.list(BlockReader.withBiases(List.of("out.0", "out.2")));
    }

    @Override
    public int inputChannels() {
        return shape.inputChannels();
    }

    @Override
    public Optional<Integer> contextWidth() {
        return shape.contextWidth();
    }

    @Override
    public long workingBytes(long batch, long height, long width) {
        return shape.workingBytes(batch, height, width);
    }

    @Override
    public Steered under(NoiseModel.Context context, Scope owner) {
        UNetGiven given =
                new UNetGiven(
                        owner.take(torch.fromHost(context.crossAttention())),
                        vector(context, owner),
                        null);
        List<SeenControl> controls = new ArrayList<>();
        for (NoiseModel.Steering steering : context.controls()) {
            if (!(steering.model() instanceof ControlNet net)) {
                throw new IllegalArgumentException(
                        "this model is steered by ControlNets, not by " + steering.model());
            }
            Tensor seen = owner.take(net.seen(torch.fromHost(steering.pictures())));
            controls.add(new SeenControl(net, seen, steering.strength()));
        }
        return new Steered() {
            @Override
            public Tensor predict(Tensor x, Tensor timesteps) {
                return predicted(x, timesteps, PassPatches.NONE);
            }

            @Override
            public Tensor predict(Tensor x, Tensor timesteps, NoiseModel.Inside inside) {
                Script patches = torch.load(UNet.class, "patches.py");
                return predicted(
                        x, timesteps, new PassPatches(patches, inside, shape.modelChannels()));
            }

            private Tensor predicted(Tensor x, Tensor timesteps, PassPatches patches) {
                Residuals residuals = residuals(controls, x, timesteps, given);
                return forward(x, timesteps, given.with(residuals), UNetObserver.NONE, patches);
            }
        };
    }

    private @Nullable Tensor vector(NoiseModel.Context context, Scope owner) {
        HostTensor pooled = context.extras().get(Extra.VECTOR);
        HostTensor sizes = context.extras().get(Extra.SIZES);
        if (pooled == null) {
            return null;
        }
        Tensor vector = torch.fromHost(pooled);
        return owner.take(
                sizes == null ? vector : SizeEmbedding.of(torch, vector, torch.fromHost(sizes)));
    }

    private record SeenControl(ControlNet net, Tensor seen, double strength) {}

    private static @Nullable Residuals residuals(
            List<SeenControl> controls, Tensor x, Tensor t, UNetGiven given) {
        Residuals all = null;
        for (SeenControl control : controls) {
            Residuals own = control.net().forward(x, t, given, control.seen(), control.strength());
            all = all == null ? own : all.plus(own);
        }
        return all;
    }

    /// The predicted noise for a batch of noisy latents.
    ///
    /// @param x (batch, input channels, height, width), already scaled as the model wants it
    /// @param timesteps one for each item: (batch)
    /// @return (batch, output channels, height, width), in the current scope
    public Tensor forward(Tensor x, Tensor timesteps, UNetGiven given) {
        return forward(x, timesteps, given, UNetObserver.NONE);
    }

    /// [#forward(Tensor, Tensor, UNetGiven)] under the eyes of an observer.
    public Tensor forward(Tensor x, Tensor timesteps, UNetGiven given, UNetObserver observer) {
        return forward(x, timesteps, given, observer, PassPatches.NONE);
    }

    private Tensor forward(
            Tensor x,
            Tensor timesteps,
            UNetGiven given,
            UNetObserver observer,
            PassPatches patches) {
        try (Scope scope = torch.scope()) {
            Tensor activated = embedding.of(timesteps, given.vector(), observer);
            Tensor read = given.context().to(weightType, torch.device());
            Block.Pass pass = new Block.Pass(script, activated, read, observer, patches);
            Tensor out = run(x.to(weightType, torch.device()), given.residuals(), pass);
            observer.saw("out", out);
            return scope.out(out);
        }
    }

    private Tensor run(Tensor x, @Nullable Residuals residuals, Block.Pass pass) {
        Deque<Tensor> skips = new ArrayDeque<>();
        Tensor h = x;
        for (int i = 0; i < inputs.size(); i++) {
            h = pass.patches().afterInput(runStage(inputs.get(i), h, null, pass), i, true);
            skips.push(h);
            h = pass.patches().afterInput(h, i, false);
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
                PassPatches.Joint joint =
                        pass.patches()
                                .beforeOutput(
                                        h,
                                        residual == null ? skip : Residuals.added(skip, residual));
                Tensor joined = torch.cat(1, joint.h(), joint.skip());
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
