package comfyserverless.handlers.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.account.LimitReached;
import comfyserverless.contract.json.Json;
import org.jspecify.annotations.Nullable;

/// A request that cannot be answered as asked; it becomes an answer in ComfyUI's shape,
/// `{"error": {type, message, details, extra_info}, "node_errors": {}}`.
public final class HttpProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final String details;
    private final int retryAfter;

    private HttpProblem(int status, String type, String message, String details, int retryAfter) {
        super(message);
        this.status = status;
        this.type = type;
        this.details = details;
        this.retryAfter = retryAfter;
    }

    public static HttpProblem of(int status, String type, String message, String details) {
        return new HttpProblem(status, type, message, details, 0);
    }

    public static HttpProblem badRequest(String type, String message, String details) {
        return of(400, type, message, details);
    }

    /// Try again after so many seconds.
    public static HttpProblem later(int status, String type, String message, int seconds) {
        return new HttpProblem(status, type, message, "retry in " + seconds + " s", seconds);
    }

    /// A limit of the tenant's is reached: which one, its value, what to do and when to try again.
    public static HttpProblem limit(LimitReached reached) {
        String type =
                switch (reached.limit()) {
                    case PENDING, RUNNING -> "queue_full";
                    case GPU_SECONDS -> "gpu_seconds_used_up";
                    case REQUESTS -> "too_many_requests";
                    case STORAGE, RETENTION, RESULTS -> "storage_full";
                    case CONNECTIONS -> "too_many_sockets";
                };
        return new HttpProblem(
                429,
                type,
                String.valueOf(reached.getMessage()),
                reached.limit().word() + " is " + reached.value(),
                (int) Math.max(1, reached.retryAfter().toSeconds()));
    }

    /// The tenant is being deleted.
    public static HttpProblem closed(String tenant) {
        return of(
                403,
                "tenant_closed",
                "This account is being deleted and takes no more requests",
                "the tenant is " + tenant);
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

    public Response response() {
        Response response = Response.json(status, body(type, getMessage(), details));
        return retryAfter > 0 ? response.with("retry-after", String.valueOf(retryAfter)) : response;
    }

    static ObjectNode body(String type, @Nullable String message, String details) {
        ObjectNode body = Json.object();
        ObjectNode error = body.putObject("error");
        error.put("type", type).put("message", message == null ? type : message);
        error.put("details", details).putObject("extra_info");
        body.putObject("node_errors");
        return body;
    }
}
