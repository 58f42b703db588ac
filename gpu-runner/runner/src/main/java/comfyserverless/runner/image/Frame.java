package comfyserverless.runner.image;

/// One decoded picture of a file, upright.
///
/// @param colour always RGB
/// @param alpha one byte a pixel, or null where the file has no alpha channel
@SuppressWarnings("ArrayRecordComponent")
public record Frame(Pixels colour, byte @org.jspecify.annotations.Nullable [] alpha) {
    public Frame {
        if (colour.channels() != 3) {
            throw new IllegalArgumentException("a frame is RGB, not " + colour.channels());
        }
    }
}
