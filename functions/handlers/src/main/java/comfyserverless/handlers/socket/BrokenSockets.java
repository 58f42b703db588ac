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
        Instant heardUntil =
                newer.map(c -> c.connectedAt().plus(NOTICED).plus(CLOCKS_APART))
                        .orElse(Instant.MAX);
        for (JobKey key : jobs.endedOf(tenant, clientId, NEWEST_JOBS)) {
            Instant end = end(key);
            if (end.isBefore(heardSince)) {
                break;
            }
            if (!end.isAfter(heardUntil)) {
                clients.missed().add(tenant, clientId, key.promptId());
                noted = true;
            }
        }
        if (noted) {
            newer.filter(Connection::greeted).ifPresent(replay::to);
        }
    }

    /// When a run ended by its last messages; long ago if they do not say.
    private Instant end(JobKey key) {
        for (EventLog.Logged logged : clients.log().newest(key, NEWEST_MESSAGES)) {
            JsonNode message = Json.readStored(logged.json().getBytes(StandardCharsets.UTF_8));
            long at = message.at("/data/timestamp").asLong(0);
            if (at > 0) {
                return Instant.ofEpochMilli(at);
            }
        }
        return Instant.MIN;
    }
}
