package comfyserverless.diffusion.clip;

import comfyserverless.diffusion.torch.DType;

/// How a text encoder's weights are held; the maths is float32 either way.
public enum ClipPrecision {
    /// Rounded to float16, as ComfyUI holds them unless told otherwise.
    FP16(DType.F16),
    FP32(DType.F32);

    private final DType type;

    ClipPrecision(DType type) {
        this.type = type;
    }

    public DType type() {
        return type;
    }
}
