package comfyserverless.diffusion.upscale;

import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.Weights;

/// A network that enlarges pictures: ESRGAN in any of its layouts (RRDBNet), or Real-ESRGAN's compact one (SRVGGNet). May
/// be called from any thread; closing frees its weights.
public final class Upscaler implements AutoCloseable {

    private final Torch torch;
    private final Scope owner;
    private final MemoryBudget budget;
    private final Script script;
    private final UpscalerShape shape;
    private final Tensors weights;

    private Upscaler(Torch torch, Weights source, Scope owner, MemoryBudget budget) {
        this.torch = torch;
        this.owner = owner;
        this.budget = budget;
        this.script = torch.load(Upscaler.class, "upscale.py");
        this.shape = UpscalerShape.of(source.dict());
        this.weights = source.list(owner, shape.names());
    }

    /// Builds the model on the device's thread.
    public static Upscaler of(Torch torch, Weights source, MemoryBudget budget) {
        boolean wrapped = source.dict().containsUnder("module.");
        Weights weights = wrapped ? source.under("module.") : source;
        return torch.holding(owner -> new Upscaler(torch, weights, owner, budget));
    }

    /// How much larger pictures become, in each direction.
    public int scale() {
        return shape.scale();
    }

    /// Channels of the pictures that it takes and gives: 3, or 1.
    public int channels() {
        return shape.channels();
    }

    /// The largest side of a square, `most` or a half or a quarter of it, for which the memory suffices; the quarter where
    /// it suffices for none, to be told by [#upscale].
    public int largestTile(int most) {
        long left = budget.available().orElse(Long.MAX_VALUE);
        int side = most;
        while (side > most / 4 && shape.workingBytes((long) side * side) > left) {
            side /= 2;
        }
        return side;
    }

    /// Enlarges one picture.
    ///
    /// @param picture (1, channels, height, width) from 0 to 1
    /// @return (1, channels, scale × height, scale × width), about 0 to 1
    /// @throws comfyserverless.diffusion.weights.NotEnoughMemoryException when it is too large
    public HostTensor upscale(HostTensor picture) {
        if (picture.shape().length != 4 || picture.size(1) != channels()) {
            throw new IllegalArgumentException(
                    "this model enlarges pictures of %d channels, not %s"
                            .formatted(channels(), picture));
        }
        long height = picture.size(2);
        long width = picture.size(3);
        budget.require(
                shape.workingBytes(height * width),
                "enlarging a picture of %d × %d".formatted(width, height));
        return torch.call(() -> {
            try (Scope _ = torch.scope()) {
                return run(torch.fromHost(picture)).toHost();
            }
        });
    }

    private Tensor run(Tensor picture) {
        return switch (shape) {
            case UpscalerShape.Residual r ->
                    script.call("residual")
                            .with(picture)
                            .with(weights)
                            .with(r.blocks())
                            .with(r.doublings())
                            .with(r.shuffle())
                            .tensor();
            case UpscalerShape.Compact c ->
                    script.call("compact").with(picture).with(weights).with(c.scale()).tensor();
        };
    }

    @Override
    public void close() {
        torch.run(() -> {
            owner.close();
            torch.trim();
        });
    }
}
