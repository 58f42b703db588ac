package comfyserverless.localstack.emulator.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Serves one [JsonService] over HTTP on a loopback port, a virtual thread per request. Signatures are not checked:
/// only this machine can reach it.
public final class JsonServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(JsonServer.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LOOPBACK = Pattern.compile("(127\\.0\\.0\\.1|localhost)(:\\d+)?");
    private static final int BACKLOG = 1024;

    /// Of every answer.
    static final String TYPE = "application/x-amz-json-1.0";

    static {
        // Without it the JDK's server leaves Nagle's algorithm on, and small answers wait 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer http;
    private final ExecutorService threads;
    private final JsonService service;
    private final Faults faults;

    private JsonServer(HttpServer http, JsonService service, Faults faults) {
        this.http = http;
        this.service = service;
        this.faults = faults;
        this.threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("aws-json-", 0).factory());
    }

    /// Starts on a port of loopback; 0 takes a free one.
    public static JsonServer start(JsonService service, Faults faults, int port)
            throws IOException {
        HttpServer http =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        JsonServer server = new JsonServer(http, service, faults);
        http.createContext("/", server::exchange);
        http.setExecutor(server.threads);
        http.start();
        return server;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    private void exchange(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!isLoopback(exchange.getRequestHeaders().getFirst("Host"))) {
                send(
                        exchange,
                        failure(
                                new ServiceException(
                                        403,
                                        "AccessDenied",
                                        "Host must be this loopback address")));
                return;
            }
            byte[] body = exchange.getRequestBody().readAllBytes();
            Answer answer = call(exchange.getRequestHeaders().getFirst("X-Amz-Target"), body);
            if (answer != null) {
                send(exchange, answer);
            }
        }
    }

    /// What a request brings; null where the connection breaks before the answer.
    @Nullable Answer call(@Nullable String target, byte[] body) {
        String operation = operation(target);
        Fault fault = faults.next(operation);
        Answer answer =
                fault instanceof Fault.Refused refused
                        ? failure(
                                new ServiceException(
                                        refused.status(), refused.type(), refused.message()))
                        : answer(operation, body);
        if (fault instanceof Fault.LostAnswer) {
            return null;
        }
        if (fault instanceof Fault.Delayed delayed) {
            pause(delayed.by());
        }
        return answer;
    }

    /// Another name in Host is a web page whose name was bound anew to this address.
    /// A name that is not loopback's may be an attacker's DNS that leads here; the port may be that of a
    /// front on this machine.
    private static boolean isLoopback(@Nullable String host) {
        return host != null && LOOPBACK.matcher(host).matches();
    }

    private static String operation(@Nullable String target) {
        return target == null ? "" : target.substring(target.lastIndexOf('.') + 1);
    }

    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private Answer answer(String operation, byte[] body) {
        try {
            JsonNode request = JSON.readTree(body);
            return new Answer(200, JSON.writeValueAsBytes(service.call(operation, request)));
        } catch (ServiceException e) {
            return failure(e);
        } catch (JsonProcessingException e) {
            return failure(
                    new ServiceException(400, "SerializationException", e.getOriginalMessage()));
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the embedded service failed in " + operation, e);
            return failure(new ServiceException(500, "InternalServerError", e.toString()));
        }
    }

    private Answer failure(ServiceException e) {
        ObjectNode body = JSON.createObjectNode();
        body.put("__type", service.errorNamespace() + e.type());
        body.put("message", e.getMessage());
        body.setAll(e.fields());
        try {
            return new Answer(e.status(), JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an error answer must be JSON", impossible);
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", TYPE);
        exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
        exchange.sendResponseHeaders(answer.status, answer.body.length);
        exchange.getResponseBody().write(answer.body);
    }

    @Override
    public void close() {
        http.stop(0);
        List<Runnable> waiting = threads.shutdownNow();
        LOG.log(System.Logger.Level.DEBUG, "{0} requests were not begun", waiting.size());
    }

    /// Status and JSON of an answer.
    static final class Answer {
        private final int status;
        private final byte[] body;

        Answer(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        int status() {
            return status;
        }

        byte[] body() {
            return body;
        }
    }
}
