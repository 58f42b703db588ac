package comfyserverless.diffusion.torch;

/// Ways to scale pictures: `torch.nn.functional.interpolate` without antialiasing, half-pixel centres.
public enum Interpolation {
    NEAREST("nearest"),
    NEAREST_EXACT("nearest_exact"),
    BILINEAR("bilinear"),
    BICUBIC("bicubic"),
    AREA("area");

    private final String function;

    Interpolation(String function) {
        this.function = function;
    }

    String function() {
        return "interpolate_" + function;
    }
}
