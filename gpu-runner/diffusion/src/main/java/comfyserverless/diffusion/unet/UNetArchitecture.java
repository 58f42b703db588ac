package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.adapter.LoraNames;
import comfyserverless.diffusion.model.Architecture;
import comfyserverless.diffusion.model.DenoisingNetwork;
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

/// A UNet of Stable Diffusion.
///
/// @param vector what it takes of a prompt besides its text
record UNetArchitecture(ModelSampling sampling, LatentFormat latentFormat, VectorKind vector)
        implements Architecture {

    @Override
    public Map<Extra, HostTensor> extras(Conditioning prompt, NoiseModel.Frame frame) {
        return vector.extras(prompt, frame);
    }

    @Override
    public Map<String, String> adapterNames(StateDict weights) {
        return LoraNames.ofUnet(weights);
    }

    @Override
    public DenoisingNetwork build(Torch torch, Weights weights, Scope owner) {
        return new UNet(torch, weights, owner);
    }
}
