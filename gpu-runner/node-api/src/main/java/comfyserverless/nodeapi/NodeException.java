package comfyserverless.nodeapi;

/// A failure that a node explains itself; ends in an `execution_error`.
public final class NodeException extends RuntimeException {
    private final String type;

    /// @param type the exception's name as clients see it (`ValueError`, `RuntimeError`, ...)
    public NodeException(String type, String message) {
        super(message);
        this.type = type;
    }

    public NodeException(String type, String message, Throwable cause) {
        super(message, cause);
        this.type = type;
    }

    public String type() {
        return type;
    }
}
