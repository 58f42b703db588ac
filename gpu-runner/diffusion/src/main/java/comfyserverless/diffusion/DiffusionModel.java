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
import comfyserverless.diffusion.unet.ControlNet;
import comfyserverless.diffusion.unet.Residuals;
import comfyserverless.diffusion.unet.UNet;
import comfyserverless.diffusion.weights.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Stable Diffusion 1.x's network between host latents: what samplers call. May be called from any thread.
public final class DiffusionModel implements NoiseModel {

    private final Torch torch;
    private final UNet unet;
    private final MemoryBudget budget;
    private final ModelSampling sampling = DiscreteSampling.stableDiffusion(Prediction.EPSILON);
    private @Nullable HeldContext held;

    /// The context of the last call on the device, with what its controls see; samplers pass the same one at every step.
    private record HeldContext(
            Context context, Scope scope, Tensor tensor, List<HeldControl> controls) {}

    private record HeldControl(ControlNet net, Tensor seen, double strength) {}

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
                Tensor input = torch.fromHost(x);
                HeldContext text = onDevice(context);
                return unet.forward(input, t, text.tensor(), residuals(input, t, text)).toHost();
            }
        });
    }

    private static @Nullable Residuals residuals(Tensor x, Tensor t, HeldContext text) {
        Residuals all = null;
        for (HeldControl control : text.controls()) {
            Residuals own =
                    control.net().forward(x, t, text.tensor(), control.seen(), control.strength());
            all = all == null ? own : all.plus(own);
        }
        return all;
    }

    @SuppressWarnings(
            "ReferenceEquality") // the same object is meant: comparing the numbers would cost more
    private HeldContext onDevice(Context context) {
        HeldContext last = held;
        if (last != null && last.context() == context) {
            return last;
        }
        drop();
        HeldContext now =
                torch.holding(scope -> {
                    Tensor tensor = scope.take(torch.fromHost(context.crossAttention()));
                    List<HeldControl> controls = new ArrayList<>();
                    for (Steering steering : context.controls()) {
                        ControlNet net = controlNet(steering);
                        Tensor seen = scope.take(net.seen(torch.fromHost(steering.pictures())));
                        controls.add(new HeldControl(net, seen, steering.strength()));
                    }
                    return new HeldContext(context, scope, tensor, List.copyOf(controls));
                });
        held = now;
        return now;
    }

    private static ControlNet controlNet(Steering steering) {
        if (steering.model() instanceof ControlNet net) {
            return net;
        }
        throw new IllegalArgumentException(
                "this model is steered by ControlNets, not by " + steering.model());
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
