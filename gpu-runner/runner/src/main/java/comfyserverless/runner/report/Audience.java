package comfyserverless.runner.report;

import comfyserverless.contract.event.ClientFeatures;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.DirectSockets;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.Sender;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.job.Claim;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who hears of a job: the client that queued it, and for some messages everybody else of its tenant.
final class Audience {
    /// So many sockets besides the client's own get a message for all directly.
    private static final int OTHERS = 8;

    /// A page opens a new socket within a third of a second.
    private static final long SOON = TimeUnit.SECONDS.toNanos(3);

    private static final Logger LOG = LoggerFactory.getLogger(Audience.class);

    private final Connections connections;
    private final Sender sender;
    private final StatusBudget budget;
    private final Claim claim;
    private final LongSupplier nanos;
    private volatile @Nullable Connection current;
    private volatile @Nullable Long lostAt;

    Audience(
            Connections connections,
            Sender sender,
            StatusBudget budget,
            Claim claim,
            LongSupplier nanos) {
        this.nanos = nanos;
        this.connections = connections;
        this.sender = sender;
        this.budget = budget;
        this.claim = claim;
    }

    /// Whether the socket may get one more status now; the stream handler makes up for what it may not.
    boolean allowsStatus(Connection connection) {
        return budget.allows(connection);
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
            Connection found = connections.find(claim.key().tenant(), clientId).orElse(null);
            current = found;
            if (found != null) {
                lostAt = null;
            }
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

    /// Whether the client may be back in a moment: its socket waits for its greeting, or has just gone.
    boolean awaitsClient() {
        Long since = lostAt;
        return awaitsGreeting() || (since != null && nanos.getAsLong() - since < SOON);
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
            lostAt = nanos.getAsLong();
        }
    }

    /// Sends a status to the sockets that connected first, besides the client's own; the stream handler
    /// tells the others.
    void broadcast(Event.Status status) {
        DirectSockets.of(everybody(), claim.clientId(), OTHERS).stream()
                .filter(Connection::greeted)
                .filter(c -> !c.clientId().equals(claim.clientId()))
                .filter(this::allowsStatus)
                .forEach(c -> post(c, status));
    }

    /// Sends to every socket of the tenant, side by side, and waits: so the order stays.
    void broadcast(Event event) {
        toEach(everybody().stream().filter(Connection::greeted).toList(), event);
    }

    /// The same, but for the client's own socket.
    void tellOthers(Event event) {
        toEach(
                everybody().stream()
                        .filter(Connection::greeted)
                        .filter(c -> !c.clientId().equals(claim.clientId()))
                        .toList(),
                event);
    }

    private void toEach(List<Connection> those, Event event) {
        if (those.size() <= 1) {
            those.forEach(connection -> post(connection, event));
            return;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            those.forEach(connection -> threads.execute(() -> post(connection, event)));
        }
    }

    private List<Connection> everybody() {
        try {
            return connections.all(claim.key().tenant());
        } catch (UncheckedIOException e) {
            LOG.warn("cannot read the connections of {}", claim.key().tenant(), e);
            return List.of();
        }
    }
}
