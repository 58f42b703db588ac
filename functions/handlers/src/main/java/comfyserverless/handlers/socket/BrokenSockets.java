package comfyserverless.handlers.socket;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.Replay;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a broken socket may have swallowed: messages that were sent in its last moments. The ends of
/// jobs among them are told again to the client's next socket.
public final class BrokenSockets {
    private static final Duration IN_FLIGHT = Duration.ofSeconds(3);
    private static final int NEWEST_JOBS = 64;

    /// The clocks of runners and gateway differ by less.
    private static final Duration CLOCKS_APART = Duration.ofSeconds(1);

    /// A runner sends to the newest socket of its client once this one has been there for so long.
    private static final Duration NOTICED = Duration.ofSeconds(1);

    /// The last message of a run with a timestamp is among so many.
    private static final int NEWEST_MESSAGES = 8;

    private final Jobs jobs;
    private final Greeter.Clients clients;
    private final Replay replay;
    private final Clock clock;

    public BrokenSockets(Jobs jobs, Greeter.Clients clients, Replay replay, Clock clock) {
        this.jobs = jobs;
        this.clients = clients;
        this.replay = replay;
        this.clock = clock;
    }

    /// To be called once the connection is forgotten. A newer socket of the client that was greeted
    /// before the note was there is told from here; what ended since that one is known went to it.
    public void broke(Connection connection) {
        Instant since = clock.instant().minus(IN_FLIGHT);
        String tenant = connection.tenant();
        String clientId = connection.clientId();
        boolean noted = clients.missed().putBack(connection, since);
        Instant opened = connection.connectedAt().minus(CLOCKS_APART);
        Instant heardSince = opened.isAfter(since) ? opened : since;
        Optional<Connection> newer = clients.connections().find(tenant, clientId);
        for (JobKey key : jobs.endedOf(tenant, clientId, NEWEST_JOBS)) {
            Instant end = end(key);
            if (end.isBefore(heardSince)) {
                break;
            }
            if (newer.isEmpty() || !went(key, end, newer.get())) {
                clients.missed().add(tenant, clientId, key.promptId());
                noted = true;
            }
        }
        if (noted) {
            newer.filter(Connection::greeted).ifPresent(replay::to);
        }
    }

    /// Whether the end of a run surely went to that socket: it was there when the run began, or had been
    /// noticed when it ended.
    private boolean went(JobKey key, Instant end, Connection newer) {
        Instant there = newer.connectedAt().plus(CLOCKS_APART);
        return end.isAfter(there.plus(NOTICED))
                || (end.isAfter(there) && start(key).isAfter(there));
    }

    private Instant start(JobKey key) {
        List<EventLog.Logged> messages = clients.log().read(key);
        return messages.isEmpty() ? Instant.MIN : time(messages.getFirst()).orElse(Instant.MIN);
    }

    private static Optional<Instant> time(EventLog.Logged logged) {
        JsonNode message = Json.readStored(logged.json().getBytes(StandardCharsets.UTF_8));
        long at = message.at("/data/timestamp").asLong(0);
        return at > 0 ? Optional.of(Instant.ofEpochMilli(at)) : Optional.empty();
    }

    /// When a run ended by its last messages; long ago if they do not say.
    private Instant end(JobKey key) {
        for (EventLog.Logged logged : clients.log().newest(key, NEWEST_MESSAGES)) {
            Optional<Instant> at = time(logged);
            if (at.isPresent()) {
                return at.get();
            }
        }
        return Instant.MIN;
    }
}
