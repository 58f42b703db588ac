package comfyserverless.runner.image;

/// Bytes that are no picture, or one of a kind or size that is not read.
public final class UnreadablePicture extends RuntimeException {
    public UnreadablePicture(String message) {
        super(message);
    }

    public UnreadablePicture(String message, Throwable cause) {
        super(message, cause);
    }
}
