package comfyserverless.localstack.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Somebody's server that is called by webhooks: keeps what it got, and answers one status after the other.
public final class Receiver implements AutoCloseable {
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<Integer> answers;
    private final HttpServer server;

    /// One call.
    ///
    /// @param signature `webhook-signature`, as sent
    public record Received(String id, String timestamp, String signature, String body) {
        JsonNode json() {
            return Json.read(body);
        }

        public String type() {
            return json().path("type").asText();
        }

        public String promptId() {
            return json().at("/data/id").asText();
        }

        /// Verifies it as the specification of Standard Webhooks says, apart from the server's own code.
        public boolean isSignedWith(String secret) throws GeneralSecurityException {
            byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            String content = id + "." + timestamp + "." + body;
            byte[] expected = mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
            return Arrays.asList(signature.split(" ", -1))
                    .contains("v1," + Base64.getEncoder().encodeToString(expected));
        }
    }

    private Receiver(int port, List<Integer> answers) throws IOException {
        this.answers = answers;
        this.server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        server.createContext("/", this::receive);
        server.start();
    }

    /// Answers so, and for ever as at last.
    public static Receiver answering(Integer... statuses) throws IOException {
        return new Receiver(0, List.of(statuses));
    }

    /// Content with everything, where nobody answered until now.
    static Receiver on(int port) throws IOException {
        return new Receiver(port, List.of(200));
    }

    private void receive(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        received.add(
                new Received(
                        header(exchange, "webhook-id"),
                        header(exchange, "webhook-timestamp"),
                        header(exchange, "webhook-signature"),
                        body));
        int answer = answers.get(Math.min(received.size(), answers.size()) - 1);
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    private static String header(HttpExchange exchange, String name) {
        return String.valueOf(exchange.getRequestHeaders().getFirst(name));
    }

    public List<Received> received() {
        return List.copyOf(received);
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// An address of it.
    public String url() {
        return url(port());
    }

    static String url(int port) {
        return "http://127.0.0.1:" + port + "/hook?token=hush";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
