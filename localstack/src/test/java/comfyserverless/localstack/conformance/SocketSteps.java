package comfyserverless.localstack.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.conformance.Expected;
import comfyserverless.contract.conformance.ExpectedMessages;
import comfyserverless.contract.conformance.Variables;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The steps of one case on its sockets: connect, send, expect messages, close.
final class SocketSteps implements AutoCloseable {
    private static final int UNTIL_SECONDS = 30;
    private static final int SEEN_SECONDS = 20;
    private static final int COUNT_SECONDS = 10;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, RecordedSocket> sockets = new HashMap<>();
    private final URI server;
    private final String prefix;
    private final Variables variables;

    SocketSteps(URI server, String prefix, Variables variables) {
        this.server = server;
        this.prefix = prefix;
        this.variables = variables;
    }

    /// Runs a step; the first difference, if there is one.
    Optional<String> run(JsonNode step) throws InterruptedException {
        String name = step.path("ws").asText();
        if (step.has("connect")) {
            return connect(name, step.path("connect"));
        }
        RecordedSocket socket = sockets.get(name);
        if (socket == null) {
            return Optional.of("no socket \"" + name + "\" was opened");
        }
        if (step.has("send")) {
            send(socket, step.path("send"));
        } else if (step.has("close")) {
            socket.close();
        } else if (step.has("drop")) {
            socket.drop();
        } else if (step.has("wait_for")) {
            JsonNode wanted = variables.fill(step.path("wait_for"));
            Duration patience = seconds(step.path("timeout"), SEEN_SECONDS);
            return seen(socket, wanted, socket.find(wanted, patience));
        } else if (step.has("drain")) {
            socket.take(socket.quiet(seconds(step.path("drain"), 0)));
        } else if (step.has("expect")) {
            return expect(name, socket, step.path("expect"));
        } else {
            return Optional.of("no such step of a socket: " + step);
        }
        return Optional.empty();
    }

    private Optional<String> connect(String name, JsonNode connect) {
        RecordedRequest requests = new RecordedRequest(prefix, variables);
        String query = requests.query(connect.path("query"));
        String path = prefix + connect.path("path").asText("/ws");
        Map<String, String> headers = new HashMap<>();
        connect.path("headers")
                .properties()
                .forEach(h -> headers.put(h.getKey(), variables.fill(h.getValue()).asText()));
        String uri = "ws://" + server.getRawAuthority() + path;
        try {
            URI target = URI.create(query.isEmpty() ? uri : uri + "?" + query);
            sockets.put(name, RecordedSocket.open(http, target, headers));
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of("connect: " + e.getMessage());
        }
    }

    private void send(RecordedSocket socket, JsonNode message) {
        if (message.has("binary_hex")) {
            socket.sendBinary(HexFormat.of().parseHex(message.path("binary_hex").asText()));
        } else if (message.has("json")) {
            socket.sendText(Json.write(variables.fill(message.path("json"))));
        } else {
            socket.sendText(message.path("text").asText());
        }
    }

    private static Optional<String> seen(RecordedSocket socket, JsonNode wanted, OptionalInt end) {
        return end.isPresent()
                ? Optional.empty()
                : Optional.of("not seen: " + wanted + "; got " + socket.rest());
    }

    private Optional<String> expect(String name, RecordedSocket socket, JsonNode expect)
            throws InterruptedException {
        int end;
        if (expect.has("until")) {
            JsonNode wanted = variables.fill(expect.path("until"));
            OptionalInt found = socket.find(wanted, seconds(expect.path("timeout"), UNTIL_SECONDS));
            if (found.isEmpty()) {
                return seen(socket, wanted, found);
            }
            end = found.getAsInt();
        } else if (expect.has("quiet")) {
            end = socket.quiet(seconds(expect.path("quiet"), 0));
        } else {
            int count = expect.path("count").asInt();
            OptionalInt found = socket.count(count, seconds(expect.path("timeout"), COUNT_SECONDS));
            if (found.isEmpty()) {
                return Optional.of("expected " + count + " messages, got " + socket.rest());
            }
            end = found.getAsInt();
        }
        List<JsonNode> messages = chosen(expect, socket.take(end));
        save(expect.path("saves"), messages);
        return ExpectedMessages.difference(variables.fill(expect.path("messages")), messages)
                .map(d -> "socket " + name + ": " + d);
    }

    private List<JsonNode> chosen(JsonNode expect, List<JsonNode> messages) {
        JsonNode prompt = variables.fill(expect.path("for_prompt"));
        return messages.stream()
                .filter(m -> !names(expect.path("ignore"), m))
                .filter(m -> expect.path("only").isEmpty() || names(expect.path("only"), m))
                .filter(m -> prompt.isMissingNode() || isOf(prompt, m))
                .toList();
    }

    private static boolean names(JsonNode types, JsonNode message) {
        for (JsonNode type : types) {
            if (type.asText().equals(message.path("type").asText())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(JsonNode prompt, JsonNode message) {
        JsonNode id = message.path("data").path("prompt_id");
        return id.isMissingNode()
                || Expected.difference(TextNode.valueOf(prompt.asText()), id).isEmpty();
    }

    private void save(JsonNode saves, List<JsonNode> messages) {
        saves.properties()
                .forEach(s -> {
                    JsonNode message = messages.get(s.getValue().path(0).asInt());
                    String path = s.getValue().path(1).asText();
                    variables.set(s.getKey(), SavedValue.at(message, path));
                });
    }

    private static Duration seconds(JsonNode given, int otherwise) {
        return Duration.ofMillis((long) (given.asDouble(otherwise) * 1000));
    }

    @Override
    public void close() {
        for (RecordedSocket socket : sockets.values()) {
            socket.close();
        }
        http.shutdownNow();
        http.close();
    }
}
