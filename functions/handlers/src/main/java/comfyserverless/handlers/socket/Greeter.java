package comfyserverless.handlers.socket;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.Missed;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.event.Replay;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends a new connection its first message, `status` with `sid`; to a client that comes back while
/// its prompt runs also the node that is running, and what its outputs were so far; and how its
/// prompts ended that ended while it was away.
///
/// The invocation that `$connect` asked for greets, or the client's first frame does: whichever comes
/// first. Nobody else uses the connection before the greeting was sent.
public final class Greeter {
    private static final Logger LOG = LoggerFactory.getLogger(Greeter.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(25);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Set<String> ENDS =
            Set.of("execution_success", "execution_error", "execution_interrupted");

    private final Jobs jobs;
    private final Connections connections;
    private final Post post;
    private final EventLog log;
    private final Replay replay;
    private final Pause pause;
    private final Map<String, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

    /// Who is connected, what was told, and what was told in vain.
    public record Clients(Connections connections, EventLog log, Missed missed) {}

    public Greeter(Jobs jobs, Clients clients, Post post, Pause pause) {
        this.jobs = jobs;
        this.connections = clients.connections();
        this.post = post;
        this.log = clients.log();
        this.replay = new Replay(clients.log(), clients.missed(), post);
        this.pause = pause;
    }

    /// Greets unless it has been done; tries again while the connection is not open yet. When this
    /// returns the greeting was sent, by this call or by another one of this process.
    public void greet(String connectionId) throws InterruptedException {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = underWay.putIfAbsent(connectionId, mine);
        if (other != null) {
            wait(other);
            return;
        }
        try {
            untilOpen(connectionId);
        } finally {
            underWay.remove(connectionId);
            mine.complete(null);
        }
    }

    private static void wait(CompletableFuture<Void> other) throws InterruptedException {
        try {
            other.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("A greeting takes longer than {}", PATIENCE, e);
        }
    }

    private void untilOpen(String connectionId) throws InterruptedException {
        Duration next = FIRST_PAUSE;
        Duration waited = Duration.ZERO;
        while (attempt(connectionId) == Post.Outcome.GONE) {
            if (waited.compareTo(PATIENCE) >= 0) {
                connections.disconnected(connectionId);
                return;
            }
            pause.sleep(next);
            waited = waited.plus(next);
            Duration doubled = next.multipliedBy(2);
            next = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        }
    }

    private Post.Outcome attempt(String connectionId) {
        Optional<Connection> found = connections.byConnectionId(connectionId);
        if (found.isEmpty() || found.get().greeted()) {
            return Post.Outcome.SENT;
        }
        Connection connection = found.get();
        int remaining = jobs.queueRemaining(connection.tenant());
        Event greeting = new Event.Status(remaining, connection.clientId());
        Post.Outcome outcome = post.text(connectionId, EventJson.write(greeting));
        if (outcome == Post.Outcome.SENT) {
            connections.greet(connection, remaining > 0 ? catchUp(connection) : List.of());
            replay.to(connection);
        }
        return outcome;
    }

    private List<Connection.Resumed> catchUp(Connection connection) {
        List<Connection.Resumed> resumed = new ArrayList<>();
        for (JobKey key : jobs.runningOf(connection.tenant(), connection.clientId())) {
            log.lastRun(key).map(run -> resume(connection, key, run)).ifPresent(resumed::add);
        }
        return resumed;
    }

    /// The end of a run is its runner's to tell, or the replay's. An error without a time is no end.
    private Connection.Resumed resume(Connection connection, JobKey key, EventLog.Run run) {
        String node = null;
        List<String> executed = new ArrayList<>();
        long seq = -1;
        for (EventLog.Logged logged : run.messages()) {
            JsonNode message = Json.readStored(logged.json().getBytes(StandardCharsets.UTF_8));
            String type = message.path("type").asText();
            if (ENDS.contains(type) && message.path("data").has("timestamp")) {
                break;
            }
            seq = logged.seq();
            if (type.equals("executed")) {
                executed.add(logged.json());
            } else if (type.equals("executing")) {
                JsonNode data = message.path("data");
                node = data.path("display_node").asText(data.path("node").asText());
            }
        }
        if (node != null) {
            Event executing = new Event.Executing(node, null, null);
            post.text(connection.connectionId(), EventJson.write(executing));
        }
        executed.forEach(json -> post.text(connection.connectionId(), json));
        return new Connection.Resumed(key.promptId(), run.fence(), seq);
    }
}
