package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.model.Architecture;
import comfyserverless.diffusion.model.NetworkFamily;
import comfyserverless.diffusion.sampling.DiscreteSampling;
import comfyserverless.diffusion.sampling.LatentFormat;
import comfyserverless.diffusion.sampling.Prediction;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;

/// The UNets of Stable Diffusion, told by their blocks' names.
public final class UNetFamily implements NetworkFamily {

    @Override
    public boolean knows(StateDict network) {
        return network.containsUnder("input_blocks.") && !network.containsUnder("label_emb.");
    }

    @Override
    public Architecture architecture(Weights network, Weights file) {
        return new UNetArchitecture(
                DiscreteSampling.stableDiffusion(Prediction.EPSILON), LatentFormat.SD15);
    }
}
