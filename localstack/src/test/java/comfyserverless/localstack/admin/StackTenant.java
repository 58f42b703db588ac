package comfyserverless.localstack.admin;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A tenant of a running local stack, as its programs see the server.
final class StackTenant {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final StartedStack stack;
    private final String name;
    private final String key;

    private StackTenant(StartedStack stack, String name, String key) {
        this.stack = stack;
        this.name = name;
        this.key = key;
    }

    /// Made by `comfy-admin`, with a key.
    static StackTenant create(StartedStack stack, StackAdmin admin, String name, String... limits) {
        List<String> create = new ArrayList<>(List.of("tenant", "create", name));
        create.addAll(List.of(limits));
        admin.json(create.toArray(String[]::new));
        String key = admin.json("key", "create", "--tenant", name).path("key").asText();
        return new StackTenant(stack, name, key);
    }

    String name() {
        return name;
    }

    HttpResponse<String> get(String path) {
        return text(HttpRequest.newBuilder(stack.at(path)).GET());
    }

    JsonNode json(String path) {
        return Json.read(get(path).body());
    }

    byte[] bytes(String path) {
        HttpResponse<byte[]> response =
                send(
                        HttpRequest.newBuilder(stack.at(path)),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    HttpResponse<String> post(String path, String body) {
        return text(
                HttpRequest.newBuilder(stack.at(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> upload(String fileName, int bytes) {
        String part =
                "--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\""
                        + fileName
                        + "\"\r\n\r\n"
                        + "a".repeat(bytes)
                        + "\r\n--x--\r\n";
        return text(
                HttpRequest.newBuilder(stack.at("/upload/image"))
                        .header("Content-Type", "multipart/form-data; boundary=x")
                        .POST(HttpRequest.BodyPublishers.ofString(part)));
    }

    private HttpResponse<String> text(HttpRequest.Builder request) {
        return send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private <T> HttpResponse<T> send(
            HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request.header("X-API-Key", key).build(), handler);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// An open socket.
    ///
    /// @param closed completes with the code when the server closes it
    record Socket(WebSocket socket, CompletableFuture<Integer> closed) {
        void abort() {
            socket.abort();
        }
    }

    /// Opens a socket and waits for its greeting.
    ///
    /// @throws java.util.concurrent.CompletionException with the handshake's answer if it is refused
    Socket socket(String clientId) {
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        CompletableFuture<Boolean> greeted = new CompletableFuture<>();
        URI address =
                URI.create(stack.at("/ws?clientId=" + clientId).toString().replace("http", "ws"));
        WebSocket socket =
                http.newWebSocketBuilder()
                        .header("X-API-Key", key)
                        .buildAsync(address, new Listener(greeted, closed))
                        .join();
        assertThat(greeted).succeedsWithin(PATIENCE);
        return new Socket(socket, closed);
    }

    private record Listener(CompletableFuture<Boolean> greeted, CompletableFuture<Integer> closed)
            implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            greeted.complete(true);
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedFuture(null);
        }
    }
}
