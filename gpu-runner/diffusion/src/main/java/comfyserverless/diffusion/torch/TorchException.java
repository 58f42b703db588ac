package comfyserverless.diffusion.torch;

/// A failure inside PyTorch, or a tensor used where it may not be; the message names the operation.
public final class TorchException extends RuntimeException {

    public TorchException(String message) {
        super(message);
    }

    public TorchException(String message, Throwable cause) {
        super(message, cause);
    }
}
