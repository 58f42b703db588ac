package comfyserverless.infrastructure;

import java.util.List;
import java.util.Map;

/// Events that each function answers without doing anything; by the function's name.
final class Ping {
    static final Map<String, Map<String, Object>> ALL =
            Map.of(
                    "http",
                    Map.of(
                            "rawPath",
                            "/health",
                            "requestContext",
                            Map.of("http", Map.of("method", "GET"))),
                    "socket",
                    Map.of(
                            "requestContext",
                            Map.of("eventType", "DISCONNECT", "connectionId", "ping")),
                    "status",
                    Map.of("Records", List.of()),
                    "webhook",
                    Map.of("Records", List.of()));

    private Ping() {}
}
