package comfyserverless.handlers.socket;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.QueuedJob;
import comfyserverless.contract.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends a new connection its first message, `status` with `sid`; to a client that comes back while
/// its prompt runs also the node that is running, and what its outputs were so far.
///
/// The invocation that `$connect` asked for greets, or the client's first frame does: whichever comes
/// first. Nobody else uses the connection before the greeting was sent.
public final class Greeter {
    private static final Logger LOG = LoggerFactory.getLogger(Greeter.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(25);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Jobs jobs;
    private final Connections connections;
    private final Post post;
    private final EventLog log;
    private final Pause pause;
    private final Map<String, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

    public Greeter(Jobs jobs, Connections connections, Post post, EventLog log, Pause pause) {
        this.jobs = jobs;
        this.connections = connections;
        this.post = post;
        this.log = log;
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
            if (remaining > 0) {
                catchUp(connection);
            }
            connections.greet(connection);
        }
        return outcome;
    }

    private void catchUp(Connection connection) {
        for (QueuedJob job : jobs.queue(connection.tenant()).running()) {
            String client = job.body().extraData().path("client_id").asText("");
            if (client.equals(connection.clientId())) {
                resume(connection, new JobKey(connection.tenant(), job.promptId()));
            }
        }
    }

    private void resume(Connection connection, JobKey key) {
        List<JsonNode> messages =
                log.read(key).stream()
                        .map(m -> Json.readStored(m.json().getBytes(StandardCharsets.UTF_8)))
                        .toList();
        messages.stream()
                .filter(m -> isOf(m, "executing") && m.at("/data/node").isTextual())
                .reduce((earlier, later) -> later)
                .map(m -> m.at("/data/display_node").asText(m.at("/data/node").asText()))
                .ifPresent(node ->
                        post.text(
                                connection.connectionId(),
                                EventJson.write(new Event.Executing(node, null, null))));
        messages.stream()
                .filter(m -> isOf(m, "executed"))
                .forEach(m -> post.text(connection.connectionId(), Json.write(m)));
    }

    private static boolean isOf(JsonNode message, String type) {
        return message.path("type").asText().equals(type);
    }
}
