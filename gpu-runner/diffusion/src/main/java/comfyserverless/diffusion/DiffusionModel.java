package comfyserverless.diffusion;

import comfyserverless.diffusion.model.Architecture;
import comfyserverless.diffusion.model.DenoisingNetwork;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.Extra;
import comfyserverless.diffusion.sampling.LatentFormat;
import comfyserverless.diffusion.sampling.ModelSampling;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.MemoryBudget;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A network on a device between host latents: what samplers call. May be called from any thread.
public final class DiffusionModel implements NoiseModel {

    private final Torch torch;
    private final DenoisingNetwork network;
    private final Architecture architecture;
    private final MemoryBudget budget;
    private @Nullable HeldContext held;

    /// The network under the context of the last call; samplers pass the same one at every step.
    private record HeldContext(Context context, Scope scope, DenoisingNetwork.Steered network) {}

    DiffusionModel(
            Torch torch, DenoisingNetwork network, Architecture architecture, MemoryBudget budget) {
        this.torch = torch;
        this.network = network;
        this.architecture = architecture;
        this.budget = budget;
    }

    @Override
    public ModelSampling sampling() {
        return architecture.sampling();
    }

    @Override
    public LatentFormat latentFormat() {
        return architecture.latentFormat();
    }

    @Override
    public Map<Extra, HostTensor> extras(Conditioning prompt, Frame frame) {
        return architecture.extras(prompt, frame);
    }

    @Override
    public HostTensor predict(HostTensor x, float[] timesteps, Context context) {
        return predicted(x, timesteps, context, DenoisingNetwork.Steered::predict);
    }

    @Override
    public HostTensor predict(HostTensor x, float[] timesteps, Context context, Inside inside) {
        return predicted(x, timesteps, context, (network, in, t) -> network.predict(in, t, inside));
    }

    @FunctionalInterface
    private interface Question {
        Tensor ask(DenoisingNetwork.Steered network, Tensor x, Tensor timesteps);
    }

    private HostTensor predicted(
            HostTensor x, float[] timesteps, Context context, Question question) {
        refuseMisfits(x, timesteps, context);
        budget.require(
                network.workingBytes(x.size(0), x.size(2), x.size(3)),
                "a step over %d latents of %d × %d".formatted(x.size(0), x.size(3), x.size(2)));
        return torch.call(() -> {
            try (Scope _ = torch.scope()) {
                Tensor t = torch.fromHost(timesteps, timesteps.length);
                return question.ask(under(context), torch.fromHost(x), t).toHost();
            }
        });
    }

    @SuppressWarnings(
            "ReferenceEquality") // the same object is meant: comparing the numbers would cost more
    private DenoisingNetwork.Steered under(Context context) {
        HeldContext last = held;
        if (last != null && last.context() == context) {
            return last.network();
        }
        drop();
        HeldContext now =
                torch.holding(
                        scope -> new HeldContext(context, scope, network.under(context, scope)));
        held = now;
        return now.network();
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
        int channels = network.inputChannels();
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
        network.contextWidth()
                .filter(width -> width != text.size(2))
                .ifPresent(width -> {
                    throw new IllegalArgumentException(
                            "this model reads text encodings %d wide, but got %d: the prompt was encoded by"
                                            .formatted(width, text.size(2))
                                    + " the text encoder of another model");
                });
    }
}
