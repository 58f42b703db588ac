package comfyserverless.contract.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// A client's open socket.
///
/// @param features what the client announced in its `feature_flags` message, empty until then
/// @param greeted whether `status` with `sid` was sent; until then nobody else posts to it
public record Connection(
        String tenant,
        String clientId,
        String connectionId,
        Instant connectedAt,
        ObjectNode features,
        boolean greeted) {}
