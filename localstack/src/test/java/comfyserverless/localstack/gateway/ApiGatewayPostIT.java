package comfyserverless.localstack.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.contract.Ports;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.event.PostContract;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/// The SDK's client of `@connections` against the local gateway, with real sockets.
class ApiGatewayPostIT extends PostContract {
    private static final BlockingQueue<String> CONNECTED = new LinkedBlockingQueue<>();
    private static final Map<String, Client> CLIENTS = new ConcurrentHashMap<>();
    private static final Gateway GATEWAY = gateway();
    private static final Aws WITH_BINARY = aws(true);
    private static final Aws TEXT_ONLY = aws(false);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Gateway gateway() {
        RequestStreamHandler sockets =
                (in, out, context) -> {
                    JsonNode around = Json.readStored(in.readAllBytes()).path("requestContext");
                    if (around.path("eventType").asText().equals("CONNECT")) {
                        CONNECTED.add(around.path("connectionId").asText());
                    }
                    out.write(Json.writeBytes(Json.object().put("statusCode", 200)));
                };
        GatewaySettings settings =
                new GatewaySettings("127.0.0.1", 0, "secret", GatewayLimits.AWS, true, null);
        return Gateway.start(
                settings, (in, out, context) -> out.write(new byte[] {'{', '}'}), sockets);
    }

    private static Aws aws(boolean binary) {
        URI endpoint = GATEWAY.address();
        return Aws.open(
                new AwsSettings(
                        "us-east-1",
                        new AwsSettings.Endpoints(endpoint, endpoint, endpoint, endpoint),
                        new AwsSettings.Names("t", "f", "m", endpoint + "/q"),
                        new AwsSettings.Access("id", "secret"),
                        binary),
                JobSettings.standard(),
                new Ports.Chance(Clock.systemUTC(), () -> "id", round -> {}),
                List.of());
    }

    @AfterAll
    static void stop() {
        TEXT_ONLY.close();
        WITH_BINARY.close();
        GATEWAY.close();
        HTTP.shutdownNow();
    }

    @Override
    protected Post post(boolean binary) {
        return (binary ? WITH_BINARY : TEXT_ONLY).post();
    }

    /// The same sockets, reached within the process.
    @Nested
    class WithinTheProcess extends PostContract {
        @Override
        protected Post post(boolean binary) {
            return new GatewayPost(() -> GATEWAY, binary);
        }

        @Override
        protected Sockets sockets() {
            return ApiGatewayPostIT.this.sockets();
        }
    }

    @Override
    protected Sockets sockets() {
        return new Sockets() {
            @Override
            public String open() {
                Client client = new Client();
                URI address = URI.create(GATEWAY.address().toString().replace("http:", "ws:"));
                client.socket =
                        HTTP.newWebSocketBuilder()
                                .buildAsync(address.resolve("/ws"), client)
                                .join();
                String id = await().until(CONNECTED::poll, Objects::nonNull);
                CLIENTS.put(id, client);
                return id;
            }

            @Override
            public void close(String connectionId) {
                int before = GATEWAY.openSockets();
                Objects.requireNonNull(client(connectionId).socket).abort();
                await().until(() -> GATEWAY.openSockets() == before - 1);
            }

            @Override
            public List<String> received(String connectionId, int count) {
                List<String> received = client(connectionId).received;
                await().untilAsserted(
                                () -> assertThat(received).hasSizeGreaterThanOrEqualTo(count));
                return List.copyOf(received);
            }
        };
    }

    private static Client client(String connectionId) {
        return Objects.requireNonNull(CLIENTS.get(connectionId));
    }

    /// One socket's other end.
    private static final class Client implements WebSocket.Listener {
        private final List<String> received = new CopyOnWriteArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private @Nullable WebSocket socket;

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                received.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket from, ByteBuffer part, boolean last) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            received.add("binary: " + HexFormat.of().formatHex(bytes));
            from.request(1);
            return null;
        }
    }
}
