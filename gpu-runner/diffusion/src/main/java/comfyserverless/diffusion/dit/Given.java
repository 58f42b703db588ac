package comfyserverless.diffusion.dit;

import comfyserverless.diffusion.sampling.Extra;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Torch;
import org.jspecify.annotations.Nullable;

/// What a transformer reads at every step of a run, on the device.
record Given(Tensor context, Tensor vector, @Nullable Tensor guidance) {

    /// @param owner takes the tensors
    static Given of(Torch torch, NoiseModel.Context context, Scope owner) {
        if (!context.controls().isEmpty()) {
            throw new IllegalArgumentException(
                    "ControlNets of Flux and Stable Diffusion 3 cannot be run so far");
        }
        HostTensor vector = context.extras().get(Extra.VECTOR);
        if (vector == null) {
            throw new IllegalArgumentException(
                    "this model reads the pooled text, which is missing");
        }
        HostTensor guidance = context.extras().get(Extra.GUIDANCE);
        return new Given(
                owner.take(torch.fromHost(context.crossAttention())),
                owner.take(torch.fromHost(vector)),
                guidance == null ? null : owner.take(torch.fromHost(guidance)));
    }

    Inputs with(Tensor x, Tensor timesteps) {
        return new Inputs(x, timesteps, context, vector, guidance);
    }
}
