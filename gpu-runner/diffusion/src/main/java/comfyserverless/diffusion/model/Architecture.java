package comfyserverless.diffusion.model;

import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.Extra;
import comfyserverless.diffusion.sampling.LatentFormat;
import comfyserverless.diffusion.sampling.ModelSampling;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.Map;

/// What was found out about one model file's network: how it is built, and what samplers must know of it.
public interface Architecture {

    /// How its noise levels are numbered, and what it predicts.
    ModelSampling sampling();

    /// How its latents are scaled.
    LatentFormat latentFormat();

    /// What it takes of a prompt besides its text: see [NoiseModel#extras].
    ///
    /// @throws IllegalArgumentException when the prompt lacks what the network needs
    Map<Extra, HostTensor> extras(Conditioning prompt, NoiseModel.Frame frame);

    /// Its weights by each name that adapter files call them by.
    Map<String, String> adapterNames(StateDict weights);

    /// Builds the network of weights that live as long as `owner` is open, on the device's thread.
    ///
    /// @param weights under the network's prefix, in the type in which it computes; changed ones when it is under adapters
    DenoisingNetwork build(Torch torch, Weights weights, Scope owner);
}
