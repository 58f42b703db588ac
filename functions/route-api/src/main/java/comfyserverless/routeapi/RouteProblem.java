package comfyserverless.routeapi;

/// A request that cannot be answered as asked. The client gets this status and the server's error shape:
/// `{"error": {type, message, details, extra_info}, "node_errors": {}}`.
public final class RouteProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LEAST = 400;
    private static final int MOST = 599;

    private final int status;
    private final String type;
    private final String details;

    /// Says what is wrong.
    ///
    /// @param status the HTTP status, 400 to 599
    /// @param type one word for programs: `missing_field`
    /// @param message one sentence for people
    /// @param details with which value, and what to do
    public RouteProblem(int status, String type, String message, String details) {
        super(message);
        if (status < LEAST || status > MOST) {
            throw new IllegalArgumentException("a problem with the status " + status);
        }
        this.status = status;
        this.type = type;
        this.details = details;
    }

    public static RouteProblem badRequest(String type, String message, String details) {
        return new RouteProblem(LEAST, type, message, details);
    }

    public static RouteProblem notFound(String message, String details) {
        return new RouteProblem(404, "not_found", message, details);
    }

    public int status() {
        return status;
    }

    public String type() {
        return type;
    }

    public String details() {
        return details;
    }
}
