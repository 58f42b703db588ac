package comfyserverless.localstack.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.conformance.Expected;
import comfyserverless.contract.conformance.Variables;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/// Replays recorded cases against a running server, step by step; the first difference ends a case.
final class Replayer {
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final Duration SETTLE = Duration.ofMillis(20);
    private static final int WAIT_SECONDS = 30;

    private final RawHttp http;
    private final DocumentedReplies documented;
    private final URI server;
    private final String prefix;

    /// Replays against a server.
    ///
    /// @param prefix before every path: empty, or `/api`
    Replayer(URI server, String prefix) throws IOException {
        this.http = new RawHttp(server, ANSWER);
        this.documented = DocumentedReplies.read(http);
        this.server = server;
        this.prefix = prefix;
    }

    /// The first difference, or empty if the server behaves as recorded.
    Optional<String> difference(JsonNode recorded) throws IOException {
        Variables variables = new Variables(() -> UUID.randomUUID().toString());
        if (!recorded.path("no_reset").asBoolean()) {
            reset();
        }
        try (SocketSteps sockets = new SocketSteps(server, prefix, variables)) {
            return steps(recorded.path("setup"), "setup ", variables, sockets)
                    .or(() -> steps(recorded.path("steps"), "step ", variables, sockets));
        }
    }

    /// Leaves the server idle, with an empty history and nothing cached but one throw-away prompt.
    private void reset() throws IOException {
        post("/queue", Json.object().put("clear", true));
        Awaitility.await("the server becomes idle")
                .atMost(IDLE)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(this::isIdleOrInterrupted);
        ObjectNode prompt = Json.object();
        prompt.putObject("1")
                .put("class_type", "PreviewAny")
                .putObject("inputs")
                .put("source", UUID.randomUUID().toString());
        post("/prompt", Json.object().set("prompt", prompt));
        Awaitility.await("the server becomes idle")
                .atMost(IDLE)
                .pollInterval(POLL)
                .until(this::isIdle);
        post("/history", Json.object().put("clear", true));
        pause(SETTLE);
    }

    /// Whether it is idle; if not, what runs is interrupted.
    private boolean isIdleOrInterrupted() throws IOException {
        boolean idle = isIdle();
        if (!idle) {
            post("/interrupt", Json.object());
        }
        return idle;
    }

    private boolean isIdle() throws IOException {
        return get("/prompt").at("/exec_info/queue_remaining").asInt(1) == 0;
    }

    private static void pause(Duration length) {
        Awaitility.await().pollDelay(length).atMost(length.plusSeconds(1)).until(() -> true);
    }

    private Optional<String> steps(
            JsonNode steps, String what, Variables variables, SocketSteps sockets) {
        for (int i = 0; i < steps.size(); i++) {
            Optional<String> difference = step(steps.path(i), variables, sockets);
            if (difference.isPresent()) {
                return Optional.of(what + i + ": " + difference.get());
            }
        }
        return Optional.empty();
    }

    private Optional<String> step(JsonNode step, Variables variables, SocketSteps sockets) {
        try {
            if (step.has("request")) {
                return exchange(step, variables);
            }
            if (step.has("ws")) {
                return sockets.run(step);
            }
            if (step.has("wait")) {
                return await(variables.fill(step.path("wait")));
            }
            if (step.has("numbers")) {
                return numbers(step.path("numbers"), variables);
            }
            if (step.has("set")) {
                variables
                        .fill(step.path("set"))
                        .properties()
                        .forEach(s -> variables.set(s.getKey(), s.getValue()));
                return Optional.empty();
            }
            if (step.has("repeat_requests")) {
                return repeat(step.path("repeat_requests"), variables);
            }
            return Optional.of("no such step: " + step);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(e.toString());
        }
    }

    private Optional<String> exchange(JsonNode step, Variables variables) throws IOException {
        RawHttp.Request request = new RecordedRequest(prefix, variables).of(step.path("request"));
        Reply reply = http.send(request);
        for (Map.Entry<String, JsonNode> save : step.path("save").properties()) {
            variables.set(save.getKey(), saved(variables.fill(save.getValue()).asText(), reply));
        }
        if (step.has("expect")) {
            return ReplyCheck.difference(variables.fill(step.path("expect")), reply)
                    .or(() -> documented.difference(request, reply));
        }
        boolean refused = reply.status() >= 400 && !step.path("may_fail").asBoolean();
        return refused ? Optional.of("refused: " + reply) : Optional.empty();
    }

    private static JsonNode saved(String path, Reply reply) {
        if (path.startsWith("header:")) {
            return TextNode.valueOf(reply.header(path.substring("header:".length())).orElse(""));
        }
        return SavedValue.at(
                reply.json()
                        .orElseThrow(() ->
                                new IllegalArgumentException("no JSON to save from: " + reply)),
                path);
    }

    private Optional<String> await(JsonNode wait) {
        if (wait.has("seconds")) {
            pause(Duration.ofMillis((long) (wait.path("seconds").asDouble() * 1000)));
            return Optional.empty();
        }
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(wait.path("timeout").asLong(WAIT_SECONDS)))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .until(() -> isReached(wait));
            return Optional.empty();
        } catch (ConditionTimeoutException e) {
            return Optional.of("waited in vain: " + wait);
        }
    }

    private boolean isReached(JsonNode wait) throws IOException {
        if (wait.has("running")) {
            for (JsonNode entry : get("/queue").path("queue_running")) {
                if (entry.path(1).equals(wait.path("running"))) {
                    return true;
                }
            }
            return false;
        }
        return wait.has("history")
                ? !get("/history/" + wait.path("history").asText()).isEmpty()
                : isIdle();
    }

    /// `{"var": "n2", "is": "n1", "plus": 2}`.
    private static Optional<String> numbers(JsonNode relation, Variables variables) {
        JsonNode actual = variables.get(relation.path("var").asText());
        double wanted =
                variables.get(relation.path("is").asText()).doubleValue()
                        + relation.path("plus").doubleValue();
        return Expected.difference(Json.mapper().valueToTree(wanted), actual)
                .map(d -> relation + d);
    }

    private Optional<String> repeat(JsonNode repeat, Variables variables) throws IOException {
        for (int i = 0; i < repeat.path("times").asInt(); i++) {
            http.send(new RecordedRequest(prefix, variables).of(repeat.path("request")));
        }
        return Optional.empty();
    }

    private JsonNode get(String path) throws IOException {
        Reply reply = http.send(new RawHttp.Request("GET", prefix + path, Map.of(), null));
        return reply.json().orElseThrow(() -> new IOException("GET " + path + ": " + reply));
    }

    private Reply post(String path, JsonNode body) throws IOException {
        return http.send(
                new RawHttp.Request(
                        "POST",
                        prefix + path,
                        Map.of("Content-Type", "application/json"),
                        Json.writeBytes(body)));
    }
}
