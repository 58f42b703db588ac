package comfyserverless.handlers.extension;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Connections;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.event.Post;
import comfyserverless.handlers.socket.Pause;
import comfyserverless.routeapi.TenantClients;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sockets of one tenant. Until a socket was greeted nobody else sends to it.
record OwnClients(String tenant, Connections connections, Post post, int maxMessage, Pause pause)
        implements TenantClients {
    private static final Logger LOG = LoggerFactory.getLogger(OwnClients.class);
    private static final long DEADLINE_SECONDS = 10;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
    private static final int LOOKS = 30;

    @Override
    public Set<String> connected() {
        return connections.all(tenant).stream()
                .map(Connection::clientId)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean send(String clientId, String type, JsonNode data) {
        String json = json(type, data);
        Optional<Connection> socket = greeted(clientId);
        return socket.isPresent() && sent(socket.get(), json);
    }

    /// A page may call a route a moment before its socket is marked as greeted.
    private Optional<Connection> greeted(String clientId) {
        Optional<Connection> socket = connections.find(tenant, clientId);
        try {
            for (int look = 0;
                    look < LOOKS && !socket.map(Connection::greeted).orElse(true);
                    look++) {
                pause.sleep(LOOK_AGAIN);
                socket = connections.find(tenant, clientId);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return socket.filter(Connection::greeted);
    }

    @Override
    public int sendToAll(String type, JsonNode data) {
        String json = json(type, data);
        List<Callable<Boolean>> posts =
                connections.all(tenant).stream()
                        .filter(Connection::greeted)
                        .map(socket -> (Callable<Boolean>) () -> sent(socket, json))
                        .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return (int)
                    threads.invokeAll(posts, DEADLINE_SECONDS, TimeUnit.SECONDS).stream()
                            .filter(OwnClients::reached)
                            .count();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static boolean reached(Future<Boolean> post) {
        return post.state() == Future.State.SUCCESS && post.resultNow();
    }

    private String json(String type, JsonNode data) {
        String json = EventJson.write(new Event.Custom(type, data));
        int size = json.getBytes(StandardCharsets.UTF_8).length;
        if (size > maxMessage) {
            throw new IllegalArgumentException(
                    "the message %s has %d bytes, a WebSocket takes %d: store a file and send its name"
                            .formatted(type, size, maxMessage));
        }
        return json;
    }

    private boolean sent(Connection socket, String json) {
        try {
            Post.Outcome outcome = post.text(socket.connectionId(), json);
            if (outcome == Post.Outcome.GONE) {
                connections.disconnected(socket.connectionId());
            }
            return outcome == Post.Outcome.SENT;
        } catch (UncheckedIOException e) {
            LOG.warn("no message to {}", socket.connectionId(), e);
            return false;
        }
    }
}
