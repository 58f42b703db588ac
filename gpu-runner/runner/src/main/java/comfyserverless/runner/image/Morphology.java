package comfyserverless.runner.image;

import java.util.Optional;

/// The operations of mathematical morphology with a square (kornia.morphology 0.9, on ones).
public enum Morphology {
    ERODE("erode"),
    DILATE("dilate"),
    OPEN("open"),
    CLOSE("close"),
    GRADIENT("gradient"),
    BOTTOM_HAT("bottom_hat"),
    TOP_HAT("top_hat");

    private final String word;

    Morphology(String word) {
        this.word = word;
    }

    public static Optional<Morphology> of(String word) {
        for (Morphology operation : values()) {
            if (operation.word.equals(word)) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    /// Runs the operation.
    ///
    /// @param size the side of the square
    public Grid apply(Grid in, int size) {
        return switch (this) {
            case ERODE -> Filters.extreme(in, size, false);
            case DILATE -> Filters.extremeTurned(in, size, true);
            case OPEN -> DILATE.apply(ERODE.apply(in, size), size);
            case CLOSE -> ERODE.apply(DILATE.apply(in, size), size);
            case GRADIENT -> difference(DILATE.apply(in, size), ERODE.apply(in, size));
            case BOTTOM_HAT -> difference(CLOSE.apply(in, size), in);
            case TOP_HAT -> difference(in, OPEN.apply(in, size));
        };
    }

    private static Grid difference(Grid a, Grid b) {
        Grid out = Filters.alike(a);
        for (int i = 0; i < out.data().length; i++) {
            out.data()[i] = a.data()[i] - b.data()[i];
        }
        return out;
    }
}
