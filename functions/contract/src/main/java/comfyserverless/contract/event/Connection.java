package comfyserverless.contract.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/// A client's open socket.
///
/// @param features what the client announced in its `feature_flags` message, empty until then
/// @param greeted whether `status` with `sid` was sent; until then nobody else posts to it
/// @param resumed up to where the greeting told of jobs that were running
public record Connection(
        String tenant,
        String clientId,
        String connectionId,
        Instant connectedAt,
        ObjectNode features,
        boolean greeted,
        List<Resumed> resumed) {
    public Connection {
        resumed = List.copyOf(resumed);
    }

    /// A connection whose greeting had no running job to tell of.
    public Connection(
            String tenant,
            String clientId,
            String connectionId,
            Instant connectedAt,
            ObjectNode features,
            boolean greeted) {
        this(tenant, clientId, connectionId, connectedAt, features, greeted, List.of());
    }

    /// The last logged message of a run that the greeting brought the client up to.
    ///
    /// @param fence the run's
    /// @param seq the message's number in the log, -1 if there was none yet
    public record Resumed(String promptId, long fence, long seq) {}
}
