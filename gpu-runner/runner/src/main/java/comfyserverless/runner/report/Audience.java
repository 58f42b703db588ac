package comfyserverless.runner.report;

import comfyserverless.contract.event.ClientFeatures;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.Sender;
import comfyserverless.contract.job.Claim;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who hears of a job: the client that queued it, and for some messages everybody else of its tenant.
final class Audience {
    /// So many sockets besides the client's own get a message for all directly.
    private static final int OTHERS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Audience.class);

    private final Connections connections;
    private final Sender sender;
    private final Claim claim;
    private volatile @Nullable Connection current;

    Audience(Connections connections, Sender sender, Claim claim) {
        this.connections = connections;
        this.sender = sender;
        this.claim = claim;
    }

    boolean hasClient() {
        return claim.clientId() != null;
    }

    /// Reads anew which socket the client has.
    void refresh() {
        String clientId = claim.clientId();
        if (clientId == null) {
            return;
        }
        try {
            current = connections.find(claim.key().tenant(), clientId).orElse(null);
        } catch (UncheckedIOException e) {
            LOG.warn("cannot read the connection of {}", clientId, e);
        }
    }

    /// The client's socket, once it was greeted; null if there is none that may be used.
    @Nullable Connection reachable() {
        Connection connection = current;
        return connection != null && connection.greeted() ? connection : null;
    }

    boolean describesPictures() {
        Connection connection = current;
        return connection != null && ClientFeatures.of(connection.features()).previewMetadata();
    }

    /// Whether the client's socket is open but not greeted yet.
    boolean awaitsGreeting() {
        Connection connection = current;
        return connection != null && !connection.greeted();
    }

    /// Sends to the client's socket; false if it is gone or does not take anything now.
    boolean post(Connection connection, Event event) {
        try {
            return switch (sender.send(connection, event)) {
                case SENT -> true;
                case TOO_LARGE -> {
                    LOG.warn("a message of {} is too large for the gateway", claim.key());
                    yield true;
                }
                case GONE -> {
                    connections.disconnected(connection.connectionId());
                    lost(connection);
                    yield false;
                }
            };
        } catch (UncheckedIOException e) {
            LOG.warn("cannot post to {}", connection.connectionId(), e);
            lost(connection);
            return false;
        }
    }

    private void lost(Connection connection) {
        Connection now = current;
        if (now != null && now.connectionId().equals(connection.connectionId())) {
            current = null;
        }
    }

    /// Sends to some sockets of the tenant besides the client's own, newest first.
    void broadcast(Event event) {
        int others = 0;
        for (Connection connection : everybody()) {
            if (connection.clientId().equals(claim.clientId())) {
                continue;
            }
            if (others++ >= OTHERS) {
                return;
            }
            post(connection, event);
        }
    }

    private List<Connection> everybody() {
        try {
            List<Connection> all = new ArrayList<>(connections.all(claim.key().tenant()));
            all.removeIf(c -> !c.greeted());
            all.sort(Comparator.comparing(Connection::connectedAt).reversed());
            return all;
        } catch (UncheckedIOException e) {
            LOG.warn("cannot read the connections of {}", claim.key().tenant(), e);
            return List.of();
        }
    }
}
