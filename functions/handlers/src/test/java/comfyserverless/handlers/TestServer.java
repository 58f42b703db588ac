package comfyserverless.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.Replay;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.fake.InMemoryWebhookQueue;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.webhook.WebhookAddresses;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.objectinfo.Nodes;
import comfyserverless.handlers.pages.WebFiles;
import comfyserverless.handlers.queue.StatusStream;
import comfyserverless.handlers.webhook.WebhookPorts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The entries on ports in memory, called as API Gateway calls them.
final class TestServer {
    static final String SECRET = "s3cret";

    final ManualClock clock = new ManualClock();
    final InMemoryPorts memory = new InMemoryPorts(clock);
    final InMemoryWebhookQueue webhooks = new InMemoryWebhookQueue(clock);
    final InMemoryWebhookQueue deadWebhooks = new InMemoryWebhookQueue(clock);
    final List<String> toGreet = new ArrayList<>();
    final AtomicLong nanos = new AtomicLong();
    final Map<String, byte[]> pages = new LinkedHashMap<>();
    Runnable meanwhile = () -> {};
    final HandlerPorts ports;
    final HttpEntry http;
    final SocketEntry socket;

    TestServer() {
        this(UnaryOperator.identity());
    }

    /// With other settings than the presets.
    TestServer(UnaryOperator<HandlerSettings> other) {
        HandlerSettings settings = HandlerSettings.defaults().withOriginSecrets(List.of(SECRET));
        this.ports =
                new HandlerPorts(
                                memory.ports(),
                                new HandlerPorts.Content(
                                        memory.models(), TestServer::nodes, webFiles()),
                                new HandlerPorts.Messages(
                                        memory.post(),
                                        toGreet::add,
                                        new StatusBudget(StatusBudget.DIRECT, nanos::get)),
                                new HandlerPorts.Chance(
                                        clock, () -> UUID.randomUUID().toString(), this::pause),
                                other.apply(settings))
                        .withWebhooks(
                                new WebhookPorts(
                                        webhooks, deadWebhooks, new WebhookAddresses(false)));
        this.http = new HttpEntry(ports);
        this.socket = new SocketEntry(ports);
    }

    private static Nodes.Known nodes() {
        NodeDefinition preview =
                NodeDefinition.of("PreviewAny", "comfy_extras.nodes_preview_any")
                        .required("source", InputSpec.link("*"))
                        .outputNode()
                        .build();
        NodeDefinition load =
                NodeDefinition.of("LoadImage", "nodes")
                        .required("image", InputSpec.inputFile("image"))
                        .output("IMAGE")
                        .build();
        Map<String, NodeDefinition> all = new LinkedHashMap<>();
        all.put("PreviewAny", preview);
        all.put("LoadImage", load);
        return new Nodes.Known("digest", all, name -> Optional.empty());
    }

    private WebFiles webFiles() {
        return new WebFiles() {
            @Override
            public Optional<byte[]> read(String path) {
                return Optional.ofNullable(pages.get(path));
            }

            @Override
            public List<String> list(String folder) {
                return pages.keySet().stream()
                        .filter(path -> path.startsWith(folder + "/"))
                        .sorted()
                        .toList();
            }
        };
    }

    /// What tells the sockets that are not told directly; time stands still but for its pauses.
    StatusStream stream() {
        return new StatusStream(
                new StatusStream.Source(ports.jobs(), ports.connections()),
                Endpoints.news(ports),
                ports.settings().otherSockets(),
                nanos::get,
                pause -> nanos.addAndGet(pause.toNanos()));
    }

    Replay replay() {
        return new Replay(ports.eventLog(), ports.missed(), ports.post());
    }

    /// Time goes on while a request waits, and whatever else is to happen happens.
    private void pause(Duration time) {
        clock.advance(time);
        meanwhile.run();
    }

    Response get(String pathAndQuery, String... headers) {
        return call("GET", pathAndQuery, new byte[0], headers);
    }

    Response post(String path, String body, String... headers) {
        return call("POST", path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /// Calls with an event as the gateway writes it; the body travels as base64.
    Response call(String method, String pathAndQuery, byte[] body, String... headers) {
        return http.answer(event(method, pathAndQuery, body, headers));
    }

    static ObjectNode event(String method, String pathAndQuery, byte[] body, String... headers) {
        int mark = pathAndQuery.indexOf('?');
        String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
        ObjectNode event = Json.object().put("rawPath", path);
        event.put("rawQueryString", mark < 0 ? "" : pathAndQuery.substring(mark + 1));
        ObjectNode sent = event.putObject("headers");
        sent.put("host", "127.0.0.1:8188").put("x-origin-secret", SECRET);
        sent.put("x-original-path", path);
        for (int i = 0; i < headers.length; i += 2) {
            sent.put(headers[i], headers[i + 1]);
        }
        event.putObject("requestContext")
                .putObject("http")
                .put("method", method)
                .put("sourceIp", "127.0.0.1");
        event.put("body", Base64.getEncoder().encodeToString(body)).put("isBase64Encoded", true);
        return event;
    }

    /// A socket connects, and is greeted as the gateway's greeter does.
    void connect(String connectionId, @Nullable String clientId) {
        assertOk(socketEvent("CONNECT", connectionId, clientId, null));
        greet(connectionId);
    }

    /// What `$connect` asks for once it has returned.
    void greet(String connectionId) {
        try {
            SocketEntry.greeter(ports).greet(connectionId);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void frame(String connectionId, String text) {
        assertOk(socketEvent("MESSAGE", connectionId, null, text));
    }

    void disconnect(String connectionId) {
        assertOk(socketEvent("DISCONNECT", connectionId, null, null));
    }

    /// The socket ends without a close frame.
    void breakOff(String connectionId) {
        ObjectNode event = Json.object();
        event.putObject("requestContext")
                .put("eventType", "DISCONNECT")
                .put("connectionId", connectionId)
                .put("disconnectStatusCode", 1006);
        assertOk(socket.handle(event));
    }

    int socketEvent(
            String type, String connectionId, @Nullable String clientId, @Nullable String body) {
        ObjectNode event = socketEvent(type, connectionId);
        if (clientId != null) {
            event.putObject("queryStringParameters").put("clientId", clientId);
        }
        return socket.handle(event.put("body", body));
    }

    /// A socket asks to be opened: the status of `$connect`.
    int open(String connectionId, Map<String, String> query, String... headers) {
        ObjectNode event = socketEvent("CONNECT", connectionId);
        ObjectNode sent = (ObjectNode) event.get("headers");
        for (int i = 0; i < headers.length; i += 2) {
            sent.put(headers[i], headers[i + 1]);
        }
        ObjectNode parameters = event.putObject("queryStringParameters");
        query.forEach(parameters::put);
        return socket.handle(event);
    }

    private ObjectNode socketEvent(String type, String connectionId) {
        ObjectNode event = Json.object();
        event.putObject("headers").put("host", "localhost:8188").put("x-origin-secret", SECRET);
        event.putObject("requestContext")
                .put("eventType", type)
                .put("connectionId", connectionId)
                .put("connectedAt", clock.instant().toEpochMilli());
        return event;
    }

    private static void assertOk(int status) {
        if (status != 200) {
            throw new AssertionError("status " + status);
        }
    }

    /// What was sent to a connection, type by type.
    List<JsonNode> messages(String connectionId) {
        return memory.post().texts(connectionId).stream().map(Json::read).toList();
    }

    List<String> types(String connectionId) {
        return messages(connectionId).stream().map(m -> m.path("type").asText()).toList();
    }

    static JsonNode json(Response response) {
        return Json.read(response.body());
    }

    static String text(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /// A prompt of one PreviewAny node.
    static String prompt(String text, String more) {
        return "{\"prompt\":{\"1\":{\"class_type\":\"PreviewAny\",\"inputs\":{\"source\":\""
                + text
                + "\"}}}"
                + more
                + "}";
    }
}
