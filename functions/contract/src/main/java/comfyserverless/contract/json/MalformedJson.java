package comfyserverless.contract.json;

/// A text that is no JSON, or beyond the limits of [Json]; the message says where.
public final class MalformedJson extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedJson(String message) {
        super(message);
    }

    MalformedJson(String message, Throwable cause) {
        super(message, cause);
    }
}
