package comfyserverless.diffusion.dit;

import comfyserverless.diffusion.model.Architecture;
import comfyserverless.diffusion.model.NetworkFamily;
import comfyserverless.diffusion.sampling.FlowSampling;
import comfyserverless.diffusion.sampling.LatentFormat;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Device;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;

/// Flux, dev and schnell; Chroma, which shares its blocks, is none.
public final class FluxFamily implements NetworkFamily {

    private static final double SHIFT = 1.15;

    @Override
    public boolean knows(StateDict network) {
        return network.contains("double_blocks.0.img_attn.norm.key_norm.scale")
                && network.contains("img_in.weight")
                && network.contains("vector_in.in_layer.weight");
    }

    @Override
    public DType computingType(Device device) {
        return switch (device) {
            case CPU -> DType.F32;
            case CUDA -> DType.BF16;
        };
    }

    @Override
    public Architecture architecture(Weights network, Weights file) {
        FluxShape shape = FluxShape.of(network.dict());
        return new TransformerArchitecture(
                shape.guided() ? FlowSampling.flux(SHIFT) : FlowSampling.straight(),
                LatentFormat.FLUX,
                shape.vectorWidth(),
                shape.guided(),
                Flux::new);
    }
}
