package comfyserverless.localstack.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import comfyserverless.contract.webhook.WebhookAddresses;
import comfyserverless.handlers.webhook.ApacheCaller;
import comfyserverless.handlers.webhook.Caller;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One call of a webhook against servers that mean well and others.
class ApacheCallerIT {
    private static final ApacheCaller.Limits SHORT =
            new ApacheCaller.Limits(Duration.ofSeconds(2), Duration.ofMillis(700));

    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        watch.close();
    }

    private ApacheCaller caller(boolean loopback, String... leadsTo)
            throws GeneralSecurityException {
        return caller(loopback, ApacheCaller.Limits.STANDARD, leadsTo);
    }

    private ApacheCaller caller(boolean loopback, ApacheCaller.Limits limits, String... leadsTo)
            throws GeneralSecurityException {
        return new ApacheCaller(
                new WebhookAddresses(loopback),
                name -> {
                    asked.add(name);
                    InetAddress[] found = new InetAddress[leadsTo.length];
                    for (int i = 0; i < found.length; i++) {
                        found[i] = InetAddress.ofLiteral(leadsTo[i]);
                    }
                    return found;
                },
                SSLContext.getDefault(),
                limits,
                watch);
    }

    private ApacheCaller toThisMachine() throws GeneralSecurityException {
        return caller(true, "127.0.0.1");
    }

    private ApacheCaller impatient() throws GeneralSecurityException {
        return caller(true, SHORT, "127.0.0.1");
    }

    private static Caller.Answer post(ApacheCaller call, String url) throws IOException {
        return call.post(
                URI.create(url),
                Map.of("webhook-id", "msg_1"),
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.7",
                "127.0.0.1",
                "169.254.169.254",
                "100.64.0.1",
                "::1",
                "fd00::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1"
            })
    void a_name_that_leads_inside_is_not_called_even_if_it_leads_outside_too(String inside)
            throws GeneralSecurityException {
        ApacheCaller call = caller(false, "93.184.215.14", inside);
        assertThatThrownBy(() -> post(call, "https://example.org/hook"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("which is not called");
    }

    @Test
    void the_socket_goes_where_the_name_led_when_it_was_looked_at() throws Exception {
        List<String> hosts = new CopyOnWriteArrayList<>();
        HttpServer server =
                server(exchange -> {
                    hosts.add(exchange.getRequestHeaders().getFirst("host"));
                    exchange.getRequestBody().readAllBytes();
                    exchange.getResponseHeaders().add("Retry-After", "17");
                    exchange.sendResponseHeaders(503, -1);
                });
        try {
            String host = "hook.example.org:" + server.getAddress().getPort();
            assertThat(post(toThisMachine(), "http://" + host + "/a?b=c"))
                    .isEqualTo(new Caller.Answer(503, "17"));
            assertThat(asked).containsExactly("hook.example.org");
            assertThat(hosts).containsExactly(host);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_redirect_is_an_answer_and_nothing_more() throws Exception {
        List<String> paths = new CopyOnWriteArrayList<>();
        HttpServer server =
                server(exchange -> {
                    paths.add(exchange.getRequestURI().getPath());
                    exchange.getRequestBody().readAllBytes();
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                    exchange.sendResponseHeaders(307, -1);
                });
        try {
            Caller.Answer answer =
                    post(
                            toThisMachine(),
                            "http://localhost:" + server.getAddress().getPort() + "/hook");
            assertThat(answer.status()).isEqualTo(307);
            assertThat(paths).containsExactly("/hook");
        } finally {
            server.stop(0);
        }
    }

    private static HttpServer server(HttpHandler handler) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext(
                "/",
                exchange -> {
                    handler.handle(exchange);
                    exchange.close();
                });
        server.start();
        return server;
    }

    /// A server of its own mind: sends this once it was called, again and again if it is to drip.
    private void against(String sent, boolean drips, ThrowingConsumer use) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread server =
                    Thread.ofVirtual()
                            .start(() -> {
                                try (Socket socket = listening.accept()) {
                                    OutputStream out = socket.getOutputStream();
                                    InputStream in = socket.getInputStream();
                                    int first = in.read();
                                    do {
                                        out.write(sent.getBytes(StandardCharsets.US_ASCII));
                                        out.flush();
                                    } while (drips && first >= 0);
                                    while (in.read() >= 0) {
                                        first++;
                                    }
                                } catch (IOException e) {
                                    // the caller had enough
                                    return;
                                }
                            });
            use.accept("http://localhost:" + listening.getLocalPort() + "/");
            server.join();
        }
    }

    @FunctionalInterface
    private interface ThrowingConsumer {
        void accept(String url) throws Exception;
    }

    @Test
    void a_receiver_that_does_not_answer_is_left_in_time() throws Exception {
        against(
                "",
                false,
                url ->
                        assertThatThrownBy(() -> post(impatient(), url))
                                .isInstanceOf(SocketTimeoutException.class));
    }

    @Test
    void so_is_one_whose_answer_never_ends() throws Exception {
        against(
                "HTTP/1.1 100 Continue\r\n\r\n",
                true,
                url ->
                        assertThatThrownBy(() -> post(impatient(), url))
                                .isInstanceOf(IOException.class));
    }

    @Test
    void an_endless_head_is_not_read() throws Exception {
        against(
                "HTTP/1.1 200 OK\r\nx: " + "y".repeat(20_000) + "\r\n\r\n",
                false,
                url ->
                        assertThatThrownBy(() -> post(toThisMachine(), url))
                                .hasMessageContaining("16 KiB"));
    }

    @Test
    void what_is_no_HTTP_is_no_answer() throws Exception {
        against(
                "SSH-2.0-server\r\n",
                false,
                url ->
                        assertThatThrownBy(() -> post(toThisMachine(), url))
                                .hasMessageContaining("no HTTP/1.1"));
    }

    @Test
    void an_interim_answer_is_passed_over() throws Exception {
        against(
                "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
                false,
                url -> assertThat(post(toThisMachine(), url).status()).isEqualTo(204));
    }

    @Test
    void a_body_without_end_is_not_read() throws Exception {
        for (String head :
                List.of(
                        "HTTP/1.1 200 OK\r\n\r\n",
                        "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n",
                        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")) {
            against(
                    head,
                    false,
                    url -> assertThat(post(toThisMachine(), url).status()).isEqualTo(200));
        }
    }

    @Test
    void a_call_that_broke_is_told_from_a_late_one_and_not_made_again() throws Exception {
        List<String> calls = new CopyOnWriteArrayList<>();
        try (ServerSocket listening = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> hangUpOn(listening, calls));
            String url = "http://localhost:" + listening.getLocalPort() + "//a?b=c%2F";
            assertThatThrownBy(() -> post(toThisMachine(), url))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
            assertThat(calls).containsExactly("POST //a?b=c%2F HTTP/1.1");
        }
    }

    private static void hangUpOn(ServerSocket listening, List<String> calls) {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept();
                    BufferedReader in =
                            new BufferedReader(
                                    new InputStreamReader(
                                            socket.getInputStream(), StandardCharsets.US_ASCII))) {
                calls.add(in.readLine());
            } catch (IOException e) {
                // the test is over
                return;
            }
        }
    }

    @Test
    void the_next_address_is_called_where_there_was_no_connection() throws Exception {
        List<String> sent = new CopyOnWriteArrayList<>();
        HttpServer server =
                server(exchange -> {
                    sent.add(exchange.getRequestHeaders().getFirst("connection"));
                    exchange.sendResponseHeaders(200, -1);
                });
        try {
            ApacheCaller call = caller(true, "127.0.0.2", "127.0.0.1");
            int port = server.getAddress().getPort();
            assertThat(post(call, "http://hook.example.org:" + port).status()).isEqualTo(200);
            assertThat(sent).containsExactly("close");
            server.stop(0);
            assertThatThrownBy(() -> post(call, "http://hook.example.org:" + port))
                    .isInstanceOf(ConnectException.class);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void whenever_the_time_is_over_a_call_is_late_or_was_answered() throws Exception {
        HttpServer server = server(ApacheCallerIT::content);
        try {
            URI url = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
            for (int millis = 0; millis < 150; millis++) {
                ApacheCaller.Limits soon =
                        new ApacheCaller.Limits(
                                Duration.ofSeconds(2), Duration.ofMillis(millis / 10 + 1));
                ApacheCaller call = caller(true, soon, "127.0.0.1");
                try {
                    assertThat(call.post(url, Map.of(), new byte[100_000]).status()).isEqualTo(200);
                } catch (IOException e) {
                    assertThat(e)
                            .isInstanceOf(SocketTimeoutException.class)
                            .hasMessageStartingWith("no answer within");
                }
            }
        } finally {
            server.stop(0);
        }
    }

    private static void content(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }
}
