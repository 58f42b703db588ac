package comfyserverless.localstack.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// A client that cuts each of its sockets after a moment and opens the next one soon after.
final class BreakingClient implements WebSocket.Listener, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHORTEST_LIFE_MS = 5;
    private static final int LONGEST_LIFE_MS = 250;
    private static final int LONGEST_PAUSE_MS = 150;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Random random;
    private final URI address;
    private final StringBuilder text = new StringBuilder();
    private final Map<String, Set<String>> heard = new HashMap<>();
    private boolean closed;
    private int cuts;

    BreakingClient(URI address, long seed) {
        this.address = address;
        this.random = new Random(seed);
    }

    synchronized void open() {
        if (closed) {
            return;
        }
        text.setLength(0);
        http.newWebSocketBuilder()
                .buildAsync(address, this)
                .thenAccept(socket ->
                        after(SHORTEST_LIFE_MS, LONGEST_LIFE_MS).execute(() -> cut(socket)))
                .exceptionally(broken -> {
                    after(0, LONGEST_PAUSE_MS).execute(this::open);
                    return null;
                });
    }

    private synchronized void cut(WebSocket socket) {
        cuts++;
        socket.abort();
        after(0, LONGEST_PAUSE_MS).execute(this::open);
    }

    private synchronized Executor after(int least, int most) {
        return CompletableFuture.delayedExecutor(
                random.nextInt(least, most), TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized CompletionStage<?> onText(
            WebSocket socket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            take(read(text.toString()));
            text.setLength(0);
        }
        socket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    private void take(JsonNode message) {
        heard.computeIfAbsent(message.at("/data/prompt_id").asText(), id -> new HashSet<>())
                .add(message.path("type").asText() + " " + message.at("/data/node").asText());
    }

    private static JsonNode read(String message) {
        try {
            return JSON.readTree(message);
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + message, e);
        }
    }

    /// How many sockets it cut.
    synchronized int cuts() {
        return cuts;
    }

    /// What its sockets together heard of a prompt, `type node`.
    synchronized Set<String> of(String promptId) {
        return Set.copyOf(heard.getOrDefault(promptId, Set.of()));
    }

    @Override
    public synchronized void close() {
        closed = true;
        http.shutdownNow();
    }
}
