package comfyserverless.runner.report;

import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.PreviewFrame;
import comfyserverless.contract.job.Claim;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands one message after the other to the job's audience: logs results first, and goes on where the
/// last socket of the client stopped when it comes back with a new one. Used by one thread.
///
/// The greeting of a new socket says up to which logged message it told of this run
/// ([Connection.Resumed]); what came before is not sent again, but for pictures and texts, which no log
/// holds.
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final EventLog log;
    private final Claim claim;
    private final Audience audience;
    private final SizeGuard guard;
    private final Told told = new Told();
    private Event.@Nullable ProgressState state;
    private @Nullable String welcomed;

    /// The number of the first result that the client's socket has not taken yet.
    private long unsent;

    /// Up to this number the greeting of the present socket told.
    private long greetedUpTo = -1;

    Delivery(EventLog log, Claim claim, Audience audience, SizeGuard guard) {
        this.log = log;
        this.claim = claim;
        this.audience = audience;
        this.guard = guard;
    }

    /// Sends a message whose turn has come; first logs the results that were not logged yet, it and those
    /// that wait behind it.
    void deliver(Outbox.Next.Send send) {
        Event event = send.event();
        if (!audience.hasClient()) {
            broadcastIfPublic(event);
            return;
        }
        write(send.fresh());
        if (event instanceof Event.Status status) {
            audience.broadcast(status);
            catchUp();
            tick(status);
        } else if (send.result()) {
            told.add(guard.fit(event));
            catchUp();
            remember(event);
            shareIfForAll(event);
        } else {
            remember(event);
            catchUp();
            tick(guard.fit(event));
        }
    }

    /// What only counts now: sent if nothing waits before it.
    private void tick(Event event) {
        Connection connection = audience.reachable();
        if (connection != null
                && isUpToDate()
                && (!(event instanceof Event.Status) || audience.allowsStatus(connection))) {
            boolean sent = audience.post(connection, event);
            LOG.trace("{} sent: {}", event, sent);
        }
    }

    private void remember(Event event) {
        if (event instanceof Event.ProgressState s) {
            state = s;
        }
    }

    /// Whether the client has heard all results.
    boolean isUpToDate() {
        return unsent == told.count();
    }

    /// Brings a new socket of the client up to date and sends what waited for it.
    void catchUp() {
        Connection connection = audience.reachable();
        if (connection == null) {
            return;
        }
        if (!connection.connectionId().equals(welcomed)) {
            greetedUpTo = greetedUpTo(connection);
            welcome(connection);
            welcomed = connection.connectionId();
        }
        for (Told.Line line : told.from(unsent)) {
            if (isNews(line) && !audience.post(connection, line.event())) {
                return;
            }
            unsent = line.seq() + 1;
        }
    }

    private long greetedUpTo(Connection connection) {
        for (Connection.Resumed job : connection.resumed()) {
            if (job.promptId().equals(claim.key().promptId()) && job.fence() == claim.fence()) {
                return job.seq();
            }
        }
        return -1;
    }

    /// Whether the greeting did not tell of it already.
    private boolean isNews(Told.Line line) {
        return line.seq() > greetedUpTo
                || line.event() instanceof Event.Preview
                || line.event() instanceof Event.ProgressText;
    }

    /// The state of the nodes, unless it follows anyway.
    private void welcome(Connection connection) {
        Event.ProgressState last = state;
        boolean follows =
                told.from(unsent).stream()
                        .anyMatch(line ->
                                isNews(line) && line.event() instanceof Event.ProgressState);
        if (last != null && !follows && (welcomed != null || greetedUpTo >= 0)) {
            boolean sent = audience.post(connection, guard.fit(last));
            LOG.trace("the state of the nodes sent: {}", sent);
        }
    }

    /// What a node says without naming a client goes to the others too, if they are there.
    private void shareIfForAll(Event event) {
        switch (event) {
            case Event.CustomToAll e -> audience.tellOthers(e);
            case Event.ProgressText e -> audience.tellOthers(e);
            default -> {}
        }
    }

    /// Without a client, ComfyUI sends these to everybody and the rest to nobody; a picture then says
    /// nothing of its node.
    private void broadcastIfPublic(Event event) {
        switch (event) {
            case Event.Status e -> audience.broadcast(e);
            case Event.Progress e -> audience.broadcast(e);
            case Event.ProgressState e -> audience.broadcast(guard.fit(e));
            case Event.ExecutionInterrupted e -> audience.broadcast(e);
            case Event.Custom e -> audience.broadcast(e);
            case Event.CustomToAll e -> audience.broadcast(e);
            case Event.ProgressText e -> audience.broadcast(e);
            case Event.Preview e -> audience.broadcast(undescribed(e));
            default -> {}
        }
    }

    private static Event.Preview undescribed(Event.Preview preview) {
        PreviewFrame frame = preview.frame();
        return new Event.Preview(new PreviewFrame(frame.mime(), frame.picture(), null));
    }

    /// Writes what a client may need later, with the numbers that it is going to have; the state of nodes
    /// and pictures age too fast for it.
    private void write(List<Event> events) {
        List<EventLog.Logged> lines = new ArrayList<>();
        long seq = told.count();
        for (Event event : events) {
            switch (event) {
                case Event.Status _ -> {}
                case Event.ProgressState _, Event.Preview _, Event.ProgressText _ -> seq++;
                default -> lines.add(new EventLog.Logged(seq++, EventJson.write(guard.fit(event))));
            }
        }
        if (lines.isEmpty()) {
            return;
        }
        try {
            log.append(claim.key(), claim.fence(), lines);
        } catch (UncheckedIOException e) {
            LOG.warn("cannot log {} messages of {}", lines.size(), claim.key(), e);
        }
    }
}
