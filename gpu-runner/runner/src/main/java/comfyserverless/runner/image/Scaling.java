package comfyserverless.runner.image;

import java.util.Optional;

/// ComfyUI's ways of scaling (common_upscale, ComfyUI 0.3.64). Equal to what PyTorch's `interpolate` and
/// Pillow's LANCZOS give.
public enum Scaling {
    NEAREST_EXACT("nearest-exact"),
    BILINEAR("bilinear"),
    AREA("area"),
    BICUBIC("bicubic"),
    LANCZOS("lanczos"),
    BISLERP("bislerp");

    private final String word;

    Scaling(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    public static Optional<Scaling> of(String word) {
        for (Scaling scaling : values()) {
            if (scaling.word.equals(word)) {
                return Optional.of(scaling);
            }
        }
        return Optional.empty();
    }

    public Grid resize(Grid in, int width, int height) {
        return switch (this) {
            case NEAREST_EXACT -> Interpolation.nearestExact(in, width, height);
            case BILINEAR -> Interpolation.bilinear(in, width, height);
            case AREA -> Interpolation.area(in, width, height);
            case BICUBIC -> Interpolation.bicubic(in, width, height);
            case LANCZOS -> Lanczos.resize(in, width, height);
            case BISLERP -> Bislerp.resize(in, width, height);
        };
    }

    /// Cuts the middle part that has the new proportion, then scales it.
    public Grid resizeCentre(Grid in, int width, int height) {
        double oldAspect = (double) in.width() / in.height();
        double newAspect = (double) width / height;
        int x = 0;
        int y = 0;
        if (oldAspect > newAspect) {
            x = (int) Math.rint((in.width() - in.width() * (newAspect / oldAspect)) / 2);
        } else if (oldAspect < newAspect) {
            y = (int) Math.rint((in.height() - in.height() * (oldAspect / newAspect)) / 2);
        }
        return resize(in.crop(x, y, in.width() - 2 * x, in.height() - 2 * y), width, height);
    }
}
