package comfyserverless.routeapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/// A tenant's open WebSockets. A message is `{"type": ..., "data": ...}`; a page hears it by
/// `api.addEventListener(type, ...)`.
public interface TenantClients {
    /// The ids of the clients that are connected.
    Set<String> connected();

    /// Sends a message to one client; false if it is not connected.
    ///
    /// @throws IllegalArgumentException if the message is longer than the WebSocket takes (31 KiB)
    boolean send(String clientId, String type, JsonNode data);

    /// Sends a message to every client; how many were reached.
    ///
    /// @throws IllegalArgumentException if the message is longer than the WebSocket takes (31 KiB)
    int sendToAll(String type, JsonNode data);
}
