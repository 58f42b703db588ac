package comfyserverless.diffusion;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.weights.Weights;

/// To what a network's weights are rounded before they are used (`weight_dtype` of UNETLoader, ComfyUI 0.3.64). They are
/// held in the type in which the device computes, so the numbers are those of ComfyUI, but no memory is saved.
public enum NetworkStorage {
    /// As they are in the file.
    DEFAULT {
        @Override
        Weights of(Weights weights) {
            return weights;
        }
    },
    FP8_E4M3 {
        @Override
        Weights of(Weights weights) {
            return weights.rounded(DType.F8_E4M3);
        }
    },
    FP8_E5M2 {
        @Override
        Weights of(Weights weights) {
            return weights.rounded(DType.F8_E5M2);
        }
    };

    abstract Weights of(Weights weights);
}
