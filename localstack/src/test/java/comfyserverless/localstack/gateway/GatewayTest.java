package comfyserverless.localstack.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<JsonNode> httpEvents = new CopyOnWriteArrayList<>();
    private final BlockingQueue<JsonNode> socketEvents = new LinkedBlockingQueue<>();
    private Function<JsonNode, ObjectNode> answer = event -> answer(200, "ok");
    private Gateway gateway = start(GatewayLimits.AWS, true);

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Gateway start(GatewayLimits limits, boolean binary) {
        RequestStreamHandler http =
                (in, out, context) -> {
                    JsonNode event = Json.readStored(in.readAllBytes());
                    httpEvents.add(event);
                    out.write(Json.writeBytes(answer.apply(event)));
                };
        RequestStreamHandler socket =
                (in, out, context) -> {
                    JsonNode event = Json.readStored(in.readAllBytes());
                    socketEvents.add(event);
                    boolean refused =
                            event.at("/queryStringParameters/clientId").asText().equals("no");
                    out.write(
                            Json.writeBytes(Json.object().put("statusCode", refused ? 403 : 200)));
                };
        GatewaySettings settings =
                new GatewaySettings("127.0.0.1", 0, "secret", limits, binary, null);
        return Gateway.start(settings, http, socket);
    }

    @Test
    void a_request_becomes_an_event_of_payload_2() throws Exception {
        HttpResponse<String> response =
                client.send(
                        request("/userdata/a%2Fb%20c?x=1&x=2&y=%C3%BC")
                                .header("X-Thing", "one")
                                .header("X-Thing", "two")
                                .header("X-Origin-Secret", "forged")
                                .header("X-Original-Path", "/forged")
                                .header("X-Viewer-Host", "forged")
                                .header("X-Viewer-Address", "forged")
                                .header("Cookie", "a=1; b=2")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.body()).isEqualTo("ok");
        JsonNode event = httpEvents.getFirst();
        assertThat(event.path("version").asText()).isEqualTo("2.0");
        assertThat(event.path("rawPath").asText()).isEqualTo("/userdata/a/b c");
        assertThat(event.at("/headers/x-original-path").asText()).isEqualTo("/userdata/a%2Fb%20c");
        assertThat(event.at("/headers/x-origin-secret").asText()).isEqualTo("secret");
        assertThat(event.toString()).doesNotContain("forged");
        assertThat(event.at("/headers/x-thing").asText()).isEqualTo("one,two");
        assertThat(event.path("rawQueryString").asText()).isEqualTo("x=1&x=2&y=%C3%BC");
        assertThat(event.path("queryStringParameters").toString())
                .isEqualTo("{\"x\":\"1,2\",\"y\":\"ü\"}");
        assertThat(event.path("cookies").toString()).isEqualTo("[\"a=1\",\"b=2\"]");
        assertThat(event.at("/requestContext/http/method").asText()).isEqualTo("GET");
    }

    @Test
    void bodies_travel_as_text_or_as_base64() throws Exception {
        post("text/plain", "ü".getBytes(StandardCharsets.UTF_8));
        post("application/octet-stream", new byte[] {1, 2});
        post("text/plain", new byte[] {(byte) 0xff});
        assertThat(httpEvents.get(0).path("body").asText()).isEqualTo("ü");
        assertThat(httpEvents.get(0).path("isBase64Encoded").asBoolean()).isFalse();
        assertThat(httpEvents.get(1).path("body").asText()).isEqualTo("AQI=");
        assertThat(httpEvents.get(1).path("isBase64Encoded").asBoolean()).isTrue();
        assertThat(httpEvents.get(2).path("isBase64Encoded").asBoolean()).isTrue();
    }

    @Test
    void answers_bring_status_headers_cookies_and_bytes() throws Exception {
        answer =
                event -> {
                    ObjectNode json = answer(206, "AAEC").put("isBase64Encoded", true);
                    json.putObject("headers")
                            .put("content-type", "image/png")
                            .put("content-disposition", "filename=\"ü\"");
                    json.putArray("cookies").add("a=1").add("b=2");
                    return json;
                };
        HttpResponse<byte[]> response =
                client.send(request("/view").build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.body()).containsExactly(0, 1, 2);
        assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
        // UTF-8 bytes, which this client reads as Latin-1.
        assertThat(response.headers().firstValue("content-disposition").orElseThrow())
                .isEqualTo("filename=\"Ã¼\"");
    }

    @Test
    void a_body_beyond_lambda_s_limit_is_a_413_that_names_the_other_way() throws Exception {
        HttpResponse<String> response = post("application/octet-stream", new byte[5 << 20]);
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("/api/upload/presign");
        assertThat(post("application/octet-stream", new byte[4 << 20]).statusCode()).isEqualTo(200);
        HttpResponse<String> large = post("application/octet-stream", new byte[11 << 20]);
        assertThat(large.statusCode()).isEqualTo(413);
    }

    @Test
    void an_answer_beyond_lambda_s_limit_is_a_502() throws Exception {
        answer = event -> answer(200, "x".repeat(7 << 20));
        HttpResponse<String> response =
                client.send(request("/queue").build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(502);
    }

    @Test
    void a_client_that_asks_before_it_sends_a_body_is_told_to_go_on() throws Exception {
        HttpRequest asking =
                request("/prompt")
                        .expectContinue(true)
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build();
        assertThat(client.send(asking, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_socket_connects_talks_and_goes() throws Exception {
        Listener listener = new Listener();
        WebSocket socket = connect("/ws?clientId=my%20id", listener);
        JsonNode connect = nextEvent("CONNECT");
        assertThat(connect.at("/queryStringParameters/clientId").asText()).isEqualTo("my id");
        assertThat(connect.at("/headers/host").asText()).startsWith("127.0.0.1:");
        String id = connect.at("/requestContext/connectionId").asText();
        socket.sendText("{\"type\":\"x\"}", true).get();
        JsonNode message = nextEvent("MESSAGE");
        assertThat(message.path("body").asText()).isEqualTo("{\"type\":\"x\"}");
        assertThat(message.at("/requestContext/connectionId").asText()).isEqualTo(id);
        assertThat(postToConnection(id, "hello".getBytes(StandardCharsets.UTF_8)).statusCode())
                .isEqualTo(200);
        assertThat(listener.next()).isEqualTo("hello");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").get();
        assertThat(nextEvent("DISCONNECT").at("/requestContext/disconnectStatusCode").asInt())
                .isEqualTo(1000);
        assertThat(postToConnection(id, new byte[] {1}).statusCode()).isEqualTo(410);
    }

    @Test
    void a_refused_connect_opens_no_socket() {
        assertThat(
                        client.newWebSocketBuilder()
                                .buildAsync(ws("/api/ws?clientId=no"), new Listener()))
                .failsWithin(Duration.ofSeconds(5));
        assertThat(gateway.openSockets()).isZero();
    }

    @Test
    void a_connection_can_be_described_and_closed() throws Exception {
        Listener listener = new Listener();
        connect("/ws", listener);
        String id = nextEvent("CONNECT").at("/requestContext/connectionId").asText();
        HttpResponse<String> described =
                client.send(connection(id).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(Json.read(described.body()).has("connectedAt")).isTrue();
        assertThat(
                        client.send(
                                        connection(id).DELETE().build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                .isEqualTo(204);
        nextEvent("DISCONNECT");
        HttpRequest unsigned = request("/@connections/" + id).build();
        assertThat(client.send(unsigned, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
    }

    @Test
    void messages_beyond_the_limits_are_refused_and_binary_goes_only_where_allowed()
            throws Exception {
        Listener listener = new Listener();
        WebSocket socket = connect("/ws", listener);
        String id = nextEvent("CONNECT").at("/requestContext/connectionId").asText();
        assertThat(postToConnection(id, new byte[(128 << 10) + 1]).statusCode()).isEqualTo(413);
        HttpRequest binary =
                connection(id)
                        .header(Post.KIND_HEADER, "binary")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 1}))
                        .build();
        client.send(binary, HttpResponse.BodyHandlers.discarding());
        assertThat(listener.next()).isEqualTo("binary of 4");
        socket.sendText("x".repeat(129 << 10), true).get();
        assertThat(listener.next()).isEqualTo("closed 1009");
    }

    @Test
    void a_binary_message_from_a_client_closes_its_socket() throws Exception {
        Listener listener = new Listener();
        WebSocket socket = connect("/ws", listener);
        socket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true).get();
        assertThat(listener.next()).isEqualTo("closed 1003");
        await().until(() -> gateway.openSockets() == 0);
    }

    @Test
    void messages_arrive_in_the_order_in_which_they_were_posted() throws Exception {
        Listener listener = new Listener();
        connect("/ws", listener);
        String id = nextEvent("CONNECT").at("/requestContext/connectionId").asText();
        await().until(() -> gateway.openSockets() == 1);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sent.add("m" + i);
            byte[] message = ("m" + i).getBytes(StandardCharsets.UTF_8);
            assertThat(postToConnection(id, message).statusCode()).isEqualTo(200);
        }
        List<String> got = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            got.add(listener.next());
        }
        assertThat(got).isEqualTo(sent);
    }

    private static ObjectNode answer(int status, String body) {
        return Json.object().put("statusCode", status).put("body", body);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(gateway.address() + path))
                .version(HttpClient.Version.HTTP_1_1);
    }

    private HttpRequest.Builder connection(String id) {
        return request("/@connections/" + id.replace("=", "%3D"))
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=local");
    }

    private HttpResponse<String> post(String type, byte[] body)
            throws IOException, InterruptedException {
        return client.send(
                request("/upload/image")
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> postToConnection(String id, byte[] body)
            throws IOException, InterruptedException {
        return client.send(
                connection(id).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI ws(String path) {
        return URI.create(gateway.address().toString().replace("http:", "ws:") + path);
    }

    private WebSocket connect(String path, Listener listener) throws Exception {
        return client.newWebSocketBuilder().buildAsync(ws(path), listener).get(5, TimeUnit.SECONDS);
    }

    private JsonNode nextEvent(String type) throws InterruptedException {
        JsonNode event = socketEvents.poll(5, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        assertThat(event.at("/requestContext/eventType").asText()).isEqualTo(type);
        return event;
    }

    /// What a socket received, as text.
    private static final class Listener implements WebSocket.Listener {
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            String message = received.poll(5, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            return message;
        }

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence text, boolean last) {
            received.add(text.toString());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket socket, ByteBuffer bytes, boolean last) {
            received.add("binary of " + bytes.remaining());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            received.add("closed " + status);
            return null;
        }
    }
}
