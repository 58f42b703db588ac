package comfyserverless.runner.media;

/// A file that FFmpeg cannot read, or numbers that it cannot write.
public final class MediaException extends RuntimeException {
    public MediaException(String message) {
        super(message);
    }

    public MediaException(String message, Throwable cause) {
        super(message, cause);
    }
}
