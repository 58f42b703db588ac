package comfyserverless.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Replay;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.auth.Door;
import comfyserverless.handlers.http.PayloadV2;
import comfyserverless.handlers.security.HostRule;
import comfyserverless.handlers.socket.BrokenSockets;
import comfyserverless.handlers.socket.Greeter;
import comfyserverless.handlers.socket.Greetings;
import comfyserverless.handlers.socket.Handshake;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The Lambda behind the WebSocket API: `$connect` stores the connection and asks for its greeting,
/// `$default` takes the client's frames, `$disconnect` forgets it.
public final class SocketEntry implements RequestStreamHandler {
    /// Names the connection in the event by which `$connect` has this function greet it.
    static final String GREET = "greet";

    private static final String NOBODY_LEFT =
            "{\"requestContext\":{\"eventType\":\"DISCONNECT\",\"connectionId\":\"priming\"}}";
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY = 429;
    private static final int CLOSED_ABNORMALLY = 1006;

    private final HandlerPorts ports;
    private final Greetings greetings;
    private final Greeter greeter;
    private final Handshake handshake;
    private final BrokenSockets broken;
    private final HostRule hosts;
    private final Door door;

    /// As Lambda starts it: wired from the environment.
    public SocketEntry() {
        this(Wiring.fromEnvironment());
        Priming.of(this, System.getenv(), NOBODY_LEFT);
    }

    public SocketEntry(HandlerPorts ports) {
        this.ports = ports;
        this.greetings = ports.greetings();
        this.greeter = ports.greeter();
        this.handshake = new Handshake(ports.connections(), ports.post(), ports.settings());
        this.broken =
                new BrokenSockets(
                        ports.jobs(),
                        ports.clients(),
                        new Replay(ports.eventLog(), ports.missed(), ports.post()),
                        ports.clock());
        this.hosts = new HostRule(ports.settings().trustedHosts());
        this.door = ports.door();
    }

    /// What greets connections, here and in the invocation that `$connect` asks for.
    public static Greeter greeter(HandlerPorts ports) {
        return ports.greeter();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
            throws IOException {
        JsonNode event = Json.readStored(in.readAllBytes());
        int status = event.has(GREET) ? greet(event.path(GREET).asText()) : handle(event);
        out.write(Json.writeBytes(Json.object().put("statusCode", status)));
    }

    int handle(JsonNode event) {
        JsonNode context = event.path("requestContext");
        String connectionId = context.path("connectionId").asText();
        return switch (context.path("eventType").asText()) {
            case "CONNECT" -> connect(event, connectionId);
            case "MESSAGE" -> {
                message(connectionId, event.path("body").asText(""));
                yield OK;
            }
            case "DISCONNECT" -> {
                disconnected(connectionId, context.path("disconnectStatusCode").asInt(0));
                yield OK;
            }
            default -> throw new IllegalArgumentException("no WebSocket event: " + context);
        };
    }

    private int connect(JsonNode event, String connectionId) {
        HandlerSettings settings = ports.settings();
        boolean trusted =
                PayloadV2.carries(event, HttpEntry.ORIGIN_SECRET, settings.originSecrets());
        if (!trusted && !settings.originSecrets().isEmpty()) {
            return FORBIDDEN;
        }
        Map<String, String> headers = PayloadV2.headers(event, trusted);
        if (!hosts.allowsSocket(headers.get("host"), headers.get("origin"))) {
            return FORBIDDEN;
        }
        Optional<Identity> caller = door.open(headers, parameter(event, "token"));
        if (caller.isEmpty()) {
            return UNAUTHORIZED;
        }
        String given = parameter(event, "clientId");
        String clientId =
                given == null || given.isEmpty() ? ports.ids().get().replace("-", "") : given;
        if (ports.accounts().isClosing(caller.get().tenant())) {
            return FORBIDDEN;
        }
        if (full(caller.get().tenant(), clientId)) {
            return TOO_MANY;
        }
        Instant at = Instant.ofEpochMilli(event.at("/requestContext/connectedAt").asLong());
        ports.connections()
                .connected(
                        new Connection(
                                caller.get().tenant(),
                                clientId,
                                connectionId,
                                at,
                                Json.object(),
                                false));
        greetings.later(connectionId);
        return OK;
    }

    /// Whether the tenant has all the sockets that it may have. Its client's own is not counted: the new one
    /// takes its place. Sockets that open in the same moment do not see one another.
    private boolean full(String tenant, String clientId) {
        OptionalLong most = ports.accounts().limits(tenant).find(Limit.CONNECTIONS);
        return most.isPresent()
                && ports.connections().all(tenant).stream()
                                .filter(other -> !other.clientId().equals(clientId))
                                .count()
                        >= most.getAsLong();
    }

    private void disconnected(String connectionId, int code) {
        Optional<Connection> connection = ports.connections().byConnectionId(connectionId);
        ports.connections().disconnected(connectionId);
        if (code == CLOSED_ABNORMALLY) {
            connection.ifPresent(broken::broke);
        }
    }

    private static @Nullable String parameter(JsonNode event, String name) {
        JsonNode value = event.path("queryStringParameters").get(name);
        return value == null ? null : value.asText();
    }

    private void message(String connectionId, String text) {
        greet(connectionId);
        handshake.received(connectionId, text);
    }

    private int greet(String connectionId) {
        try {
            greeter.greet(connectionId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return OK;
    }
}
