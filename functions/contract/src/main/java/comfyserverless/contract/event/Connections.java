package comfyserverless.contract.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// Who is connected. Of two sockets of one client the newest connectedAt wins.
public interface Connections {
    /// Connections fall into this many groups, by the minute in which they began.
    int KEEP_ALIVE_SLOTS = 8;

    /// Stores a new connection; it replaces an older one of the same client.
    void connected(Connection connection);

    /// Forgets this very connection; a newer one of the same client stays.
    void disconnected(String connectionId);

    Optional<Connection> find(String tenant, String clientId);

    Optional<Connection> byConnectionId(String connectionId);

    /// Sets the greeted mark; false if it was set before (somebody else greeted).
    ///
    /// @param resumed up to where running jobs were told of
    boolean greet(Connection connection, List<Connection.Resumed> resumed);

    /// As above, with no job to tell of.
    default boolean greet(Connection connection) {
        return greet(connection, List.of());
    }

    void announce(Connection connection, ObjectNode features);

    List<Connection> all(String tenant);

    /// The connections of one group, which get a message in the same minute so that none is idle for
    /// ten.
    List<Connection> keepAlive(int slot);
}
