package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.localstack.extension.StartedStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A program with a tenant's key and a socket of its own.
final class TenantClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<JsonNode> heard = new CopyOnWriteArrayList<>();
    private final StartedStack stack;
    private final String key;
    private final WebSocket socket;

    private TenantClient(StartedStack stack, String key, String clientId) {
        this.stack = stack;
        this.key = key;
        URI address = stack.at("/ws?clientId=" + clientId);
        this.socket =
                http.newWebSocketBuilder()
                        .header("X-API-Key", key)
                        .buildAsync(
                                URI.create(address.toString().replace("http:", "ws:")),
                                new Listener())
                        .join();
    }

    /// Connected, greeted, and asking for previews and for the log.
    static TenantClient connected(StartedStack stack, String key, String clientId) {
        TenantClient client = new TenantClient(stack, key, clientId);
        String features = "{\"type\":\"feature_flags\",\"data\":{\"supports_binary_frame\":true}}";
        client.socket.sendText(features, true).join();
        await().atMost(PATIENCE).until(() -> client.heardOf("feature_flags") > 0);
        String subscription = "{\"clientId\":\"" + clientId + "\",\"enabled\":true}";
        assertThat(client.send("PATCH", "/internal/logs/subscribe", subscription).statusCode())
                .isEqualTo(200);
        return client;
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(Json.read(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    /// What came on the socket so far.
    List<JsonNode> heard() {
        return List.copyOf(heard);
    }

    long heardOf(String type) {
        return heard.stream().filter(message -> message.path("type").asText().equals(type)).count();
    }

    HttpResponse<String> send(String method, String path, String body) {
        HttpRequest request =
                HttpRequest.newBuilder(stack.at(path))
                        .header("X-API-Key", key)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try {
            return http.send(
                    request, HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    JsonNode get(String path) {
        return Json.read(send("GET", path, "").body());
    }

    /// Queues it; its id.
    String queue(JsonNode graph, String clientId) {
        JsonNode body = Json.object().put("client_id", clientId).set("prompt", graph);
        HttpResponse<String> answer = send("POST", "/prompt", Json.write(body));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.read(answer.body()).path("prompt_id").asText();
    }

    /// Waits for its entry in the history, and for the socket to have told its end.
    JsonNode ended(String promptId) {
        JsonNode entry =
                await().atMost(PATIENCE)
                        .until(
                                () -> get("/history/" + promptId).path(promptId),
                                found -> !found.isMissingNode());
        assertThat(entry.at("/status/status_str").asText()).isEqualTo("success");
        await().atMost(PATIENCE)
                .until(() ->
                        heard.stream()
                                .anyMatch(message ->
                                        message.path("type").asText().equals("execution_success")
                                                && message.at("/data/prompt_id")
                                                        .asText()
                                                        .equals(promptId)));
        return entry;
    }

    /// The nodes whose results were there before this run.
    JsonNode cached(String promptId) {
        return heard.stream()
                .filter(message -> message.path("type").asText().equals("execution_cached"))
                .map(message -> message.path("data"))
                .filter(data -> data.path("prompt_id").asText().equals(promptId))
                .findFirst()
                .orElseThrow()
                .path("nodes");
    }

    @Override
    public void close() {
        socket.abort();
        http.close();
    }
}
