package comfyserverless.localstack.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final IdentityHashMap<WebSocket, Socket> sockets = new IdentityHashMap<>();
    private boolean closed;
    private int cuts;

    /// What one of its sockets heard.
    static final class Socket {
        private final long opened = System.nanoTime();
        private final Map<String, List<String>> prompts = new LinkedHashMap<>();
        private long first;

        private void take(String promptId, String message) {
            if (first == 0) {
                first = System.nanoTime();
            }
            prompts.computeIfAbsent(promptId, _ -> new ArrayList<>()).add(message);
        }

        /// Of each prompt `type node` in the order in which it came.
        Map<String, List<String>> prompts() {
            return prompts;
        }

        /// From its opening to its first message; empty if none came before it was cut.
        Optional<Duration> greetedAfter() {
            return first == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(first - opened));
        }
    }

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
            take(sockets.computeIfAbsent(socket, _ -> new Socket()), read(text.toString()));
            text.setLength(0);
        }
        socket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    private void take(Socket socket, JsonNode message) {
        String promptId = message.at("/data/prompt_id").asText();
        String told = message.path("type").asText() + " " + message.at("/data/node").asText();
        heard.computeIfAbsent(promptId, id -> new HashSet<>()).add(told);
        socket.take(promptId, told);
    }

    @Override
    public synchronized void onOpen(WebSocket socket) {
        sockets.put(socket, new Socket());
        socket.request(1);
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

    /// Its sockets so far.
    synchronized List<Socket> sockets() {
        return List.copyOf(sockets.values());
    }

    @Override
    public synchronized void close() {
        closed = true;
        http.shutdownNow();
    }
}
