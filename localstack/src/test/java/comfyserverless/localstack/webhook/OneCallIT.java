package comfyserverless.localstack.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import comfyserverless.contract.webhook.WebhookAddresses;
import comfyserverless.handlers.webhook.Caller;
import comfyserverless.handlers.webhook.OneCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One call of a webhook against servers that mean well and others.
class OneCallIT {
    private static final OneCall.Limits SHORT =
            new OneCall.Limits(Duration.ofSeconds(2), Duration.ofMillis(700));
    private static final char[] PASSWORD = "password".toCharArray();

    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        watch.close();
    }

    private OneCall caller(boolean loopback, SSLSocketFactory tls, String... leadsTo) {
        return new OneCall(
                new WebhookAddresses(loopback),
                name -> {
                    asked.add(name);
                    InetAddress[] found = new InetAddress[leadsTo.length];
                    for (int i = 0; i < found.length; i++) {
                        found[i] = InetAddress.ofLiteral(leadsTo[i]);
                    }
                    return found;
                },
                tls,
                SHORT,
                watch);
    }

    private OneCall toThisMachine() {
        return caller(true, (SSLSocketFactory) SSLSocketFactory.getDefault(), "127.0.0.1");
    }

    private static Caller.Answer post(OneCall call, String url) throws IOException {
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
    void a_name_that_leads_inside_is_not_called_even_if_it_leads_outside_too(String inside) {
        OneCall call =
                caller(
                        false,
                        (SSLSocketFactory) SSLSocketFactory.getDefault(),
                        "93.184.215.14",
                        inside);
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
                        assertThatThrownBy(() -> post(toThisMachine(), url))
                                .isInstanceOf(SocketTimeoutException.class));
    }

    @Test
    void so_is_one_whose_answer_never_ends() throws Exception {
        against(
                "HTTP/1.1 100 Continue\r\n\r\n",
                true,
                url ->
                        assertThatThrownBy(() -> post(toThisMachine(), url))
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
    void a_certificate_counts_for_its_own_name_only(@TempDir Path folder) throws Exception {
        SSLContext context = certifiedFor("right.example.org", folder);
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", OneCallIT::content);
        server.start();
        try {
            int port = server.getAddress().getPort();
            OneCall trusting = caller(true, context.getSocketFactory(), "127.0.0.1");
            assertThat(post(trusting, "https://right.example.org:" + port + "/").status())
                    .isEqualTo(200);
            assertThatThrownBy(() -> post(trusting, "https://wrong.example.org:" + port + "/"))
                    .isInstanceOf(SSLException.class);
            assertThatThrownBy(
                            () -> post(toThisMachine(), "https://right.example.org:" + port + "/"))
                    .isInstanceOf(SSLException.class);
        } finally {
            server.stop(0);
        }
    }

    private static void content(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    /// Shows, and trusts, a certificate of this name.
    private static SSLContext certifiedFor(String name, Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve("keys.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "hook",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "san=dns:" + name,
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                new String(PASSWORD))
                        .inheritIO()
                        .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        trusted.setCertificateEntry("hook", keys.getCertificate("hook"));
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, PASSWORD);
        TrustManagerFactory others = TrustManagerFactory.getInstance("PKIX");
        others.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), others.getTrustManagers(), null);
        return context;
    }
}
