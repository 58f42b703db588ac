package comfyserverless.diffusion.dit;

import comfyserverless.diffusion.model.Architecture;
import comfyserverless.diffusion.model.NetworkFamily;
import comfyserverless.diffusion.sampling.FlowSampling;
import comfyserverless.diffusion.sampling.LatentFormat;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;

/// Stable Diffusion 3 and 3.5.
public final class Sd3Family implements NetworkFamily {

    private static final double SHIFT = 3;

    @Override
    public boolean knows(StateDict network) {
        return network.contains("joint_blocks.0.context_block.attn.qkv.weight");
    }

    @Override
    public Architecture architecture(Weights network, Weights file) {
        MmditShape shape = MmditShape.of(network.dict());
        return new TransformerArchitecture(
                FlowSampling.shifted(SHIFT),
                LatentFormat.SD3,
                shape.vectorWidth(),
                false,
                Mmdit::new);
    }
}
