package comfyserverless.runner.report;

import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.job.Claim;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands one message after the other to the job's audience: logs results first, keeps what a client
/// missed while it was away, and brings a client that came back up to date. Used by one thread.
final class Delivery {
    /// So many results are kept for a client that is away; then only the log has them.
    private static final int MOST_MISSED = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final EventLog log;
    private final Claim claim;
    private final Audience audience;
    private final SizeGuard guard;
    private final Deque<Event> missed = new ArrayDeque<>();
    private final List<Event> executed = new ArrayList<>();
    private Event.@Nullable ProgressState state;
    private @Nullable String welcomed;
    private long seq;

    Delivery(EventLog log, Claim claim, Audience audience, SizeGuard guard) {
        this.log = log;
        this.claim = claim;
        this.audience = audience;
        this.guard = guard;
    }

    /// Sends a message whose turn has come.
    ///
    /// @param result whether it must arrive
    void deliver(Event event, boolean result) {
        if (!audience.hasClient()) {
            broadcastIfPublic(event);
            return;
        }
        if (event instanceof Event.Status) {
            audience.broadcast(event);
        } else if (result) {
            write(event);
        }
        catchUp();
        Connection connection = audience.reachable();
        boolean sent =
                connection != null
                        && missed.isEmpty()
                        && audience.post(connection, guard.fit(event));
        if (!sent && result && (welcomed != null || audience.awaitsGreeting())) {
            keep(event);
        }
        remember(event);
    }

    private void keep(Event event) {
        if (missed.size() < MOST_MISSED) {
            missed.add(event);
        }
    }

    private void remember(Event event) {
        if (event instanceof Event.ProgressState s) {
            state = s;
        } else if (event instanceof Event.Executed) {
            executed.add(event);
        }
    }

    /// Brings a new socket of the client up to date and sends what waited for it.
    void catchUp() {
        Connection connection = audience.reachable();
        if (connection == null) {
            return;
        }
        if (!connection.connectionId().equals(welcomed)) {
            welcomed = connection.connectionId();
            welcome(connection);
        }
        while (!missed.isEmpty() && audience.post(connection, guard.fit(missed.getFirst()))) {
            missed.removeFirst();
        }
    }

    private void welcome(Connection connection) {
        for (Event event : executed) {
            if (!missed.contains(event)) {
                audience.post(connection, guard.fit(event));
            }
        }
        Event.ProgressState last = state;
        if (last != null && missed.stream().noneMatch(Event.ProgressState.class::isInstance)) {
            audience.post(connection, guard.fit(last));
        }
    }

    /// Without a client, ComfyUI sends these to everybody and the rest to nobody.
    private void broadcastIfPublic(Event event) {
        switch (event) {
            case Event.Status e -> audience.broadcast(e);
            case Event.Progress e -> audience.broadcast(e);
            case Event.ProgressState e -> audience.broadcast(guard.fit(e));
            case Event.ExecutionInterrupted e -> audience.broadcast(e);
            default -> {}
        }
    }

    /// Writes what a client may need later; the state of nodes and pictures age too fast for it.
    private void write(Event event) {
        switch (event) {
            case Event.ProgressState e -> {}
            case Event.Preview e -> {}
            case Event.ProgressText e -> {}
            default -> {
                try {
                    EventLog.Logged line = new EventLog.Logged(seq++, EventJson.write(event));
                    log.append(claim.key(), claim.fence(), line);
                } catch (UncheckedIOException e) {
                    LOG.warn("cannot log a message of {}", claim.key(), e);
                }
            }
        }
    }
}
