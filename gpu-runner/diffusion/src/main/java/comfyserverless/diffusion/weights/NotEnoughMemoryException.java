package comfyserverless.diffusion.weights;

/// A computation that would take more memory than is left, refused before it begins: beyond a container's limit the
/// system would kill the process. The message says what it was and both figures.
public final class NotEnoughMemoryException extends RuntimeException {

    public NotEnoughMemoryException(String message) {
        super(message);
    }
}
