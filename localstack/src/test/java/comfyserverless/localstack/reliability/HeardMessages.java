package comfyserverless.localstack.reliability;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.localstack.stack.StackProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A client's socket, and what it heard in its order.
final class HeardMessages implements WebSocket.Listener, AutoCloseable {
    /// What only counts for a moment.
    private static final Set<String> PASSING = Set.of("status", "progress", "progress_state");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<JsonNode> heard = new CopyOnWriteArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;

    HeardMessages(StackProcess stack, String clientId) {
        String address = stack.uri().toString().replace("http:", "ws:");
        this.socket =
                http.newWebSocketBuilder()
                        .buildAsync(URI.create(address + "/ws?clientId=" + clientId), this)
                        .join();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            heard.add(Json.read(text.toString()));
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    /// The story of a prompt as `type node`, without what only counts for a moment.
    List<String> of(String promptId) {
        List<String> story = new ArrayList<>();
        for (JsonNode message : heard) {
            String type = message.path("type").asText();
            if (message.at("/data/prompt_id").asText().equals(promptId)
                    && !PASSING.contains(type)) {
                story.add((type + " " + message.at("/data/node").asText()).strip());
            }
        }
        return story;
    }

    @Override
    public void close() {
        socket.abort();
        http.close();
    }
}
