package comfyserverless.diffusion;

import comfyserverless.diffusion.sampling.DiscreteSampling;
import comfyserverless.diffusion.sampling.LatentFormat;
import comfyserverless.diffusion.sampling.ModelSampling;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.sampling.Prediction;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.unet.UNet;
import comfyserverless.diffusion.weights.MemoryBudget;
import org.jspecify.annotations.Nullable;

/// Stable Diffusion 1.x's network between host latents: what samplers call. May be called from any thread.
public final class DiffusionModel implements NoiseModel {

    private final Torch torch;
    private final UNet unet;
    private final MemoryBudget budget;
    private final ModelSampling sampling = DiscreteSampling.stableDiffusion(Prediction.EPSILON);
    private @Nullable HeldContext held;

    /// The context of the last call on the device; samplers pass the same one at every step.
    private record HeldContext(Context context, Scope scope, Tensor tensor) {}

    DiffusionModel(Torch torch, UNet unet, MemoryBudget budget) {
        this.torch = torch;
        this.budget = budget;
        this.unet = unet;
    }

    @Override
    public ModelSampling sampling() {
        return sampling;
    }

    @Override
    public LatentFormat latentFormat() {
        return LatentFormat.SD15;
    }

    @Override
    public HostTensor predict(HostTensor x, float[] timesteps, Context context) {
        refuseMisfits(x, timesteps, context);
        budget.require(
                unet.shape().workingBytes(x.size(0), x.size(2), x.size(3)),
                "a step over %d latents of %d × %d".formatted(x.size(0), x.size(3), x.size(2)));
        return torch.call(() -> {
            try (Scope _ = torch.scope()) {
                Tensor t = torch.fromHost(timesteps, timesteps.length);
                return unet.forward(torch.fromHost(x), t, onDevice(context)).toHost();
            }
        });
    }

    @SuppressWarnings(
            "ReferenceEquality") // the same object is meant: comparing the numbers would cost more
    private Tensor onDevice(Context context) {
        HeldContext last = held;
        if (last != null && last.context() == context) {
            return last.tensor();
        }
        drop();
        Scope scope = torch.hold();
        Tensor tensor = scope.take(torch.fromHost(context.crossAttention()));
        held = new HeldContext(context, scope, tensor);
        return tensor;
    }

    /// Frees what is kept between calls, on the device's thread.
    void drop() {
        HeldContext last = held;
        held = null;
        if (last != null) {
            last.scope().close();
        }
    }

    private void refuseMisfits(HostTensor x, float[] timesteps, Context context) {
        int channels = unet.shape().inputChannels();
        if (x.shape().length != 4 || x.size(1) != channels) {
            throw new IllegalArgumentException(
                    "this model takes latents of %d channels, not %s".formatted(channels, x));
        }
        HostTensor text = context.crossAttention();
        if (x.size(0) != timesteps.length || x.size(0) != text.size(0)) {
            throw new IllegalArgumentException(
                    "a batch of %d latents with %d timesteps and %d contexts"
                            .formatted(x.size(0), timesteps.length, text.size(0)));
        }
        unet.shape()
                .contextWidth()
                .filter(width -> width != text.size(2))
                .ifPresent(width -> {
                    throw new IllegalArgumentException(
                            "this model reads text encodings %d wide, but got %d: the prompt was encoded by"
                                            .formatted(width, text.size(2))
                                    + " the text encoder of another model");
                });
    }
}
