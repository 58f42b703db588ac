package comfyserverless.admin.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import comfyserverless.admin.report.Refusal;
import comfyserverless.admin.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a server on the loopback that behaves as Hugging Face's and Civitai's do.
class DownloadTest {
    private static final byte[] FILE =
            "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final Report SILENT =
            new Report(
                    new PrintWriter(Writer.nullWriter()),
                    new PrintWriter(Writer.nullWriter()),
                    false,
                    false);

    @TempDir private Path folder = Path.of("unused");

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private @Nullable HttpServer server;
    private final CountDownLatch end = new CountDownLatch(1);
    private String version = "\"v1\"";

    @BeforeEach
    void start() throws IOException {
        HttpServer made =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        made.createContext("/", this::answer);
        made.setExecutor(Thread.ofVirtual()::start);
        made.start();
        server = made;
    }

    @AfterEach
    void stop() {
        end.countDown();
        if (server != null) {
            server.stop(0);
        }
    }

    private URI address(String host, String path) {
        int port = server == null ? 0 : server.getAddress().getPort();
        return URI.create("http://" + host + ":" + port + path);
    }

    private void answer(HttpExchange call) throws IOException {
        String path = call.getRequestURI().getPath();
        String authorization = call.getRequestHeaders().getFirst("Authorization");
        String range = call.getRequestHeaders().getFirst("Range");
        seen.add(path + " " + authorization + " " + range);
        try (call) {
            switch (path) {
                case "/redirected" -> {
                    call.getResponseHeaders().add("X-Linked-Etag", '"' + "a".repeat(64) + '"');
                    call.getResponseHeaders()
                            .add("Location", address("localhost", "/stored/9").toString());
                    call.sendResponseHeaders(302, -1);
                }
                case "/stored/9" -> {
                    call.getResponseHeaders()
                            .add(
                                    "Content-Disposition",
                                    "attachment; filename*=UTF-8''na%C3%AFve%20model.safetensors; filename=\"x\"");
                    file(call, range);
                }
                case "/models/plain%20name.safetensors", "/models/plain name.safetensors" ->
                        file(call, range);
                case "/page" -> {
                    call.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
                    call.sendResponseHeaders(200, 0);
                }
                case "/loop" -> {
                    call.getResponseHeaders().add("Location", "/loop");
                    call.sendResponseHeaders(307, -1);
                }
                case "/closed" -> call.sendResponseHeaders(401, -1);
                case "/stalls" -> {
                    call.sendResponseHeaders(200, FILE.length);
                    call.getResponseBody().write(FILE, 0, 4);
                    call.getResponseBody().flush();
                    waitForTheEnd();
                }
                case "/silent" -> waitForTheEnd();
                default -> call.sendResponseHeaders(404, -1);
            }
        }
    }

    private void waitForTheEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void file(HttpExchange call, @Nullable String range) throws IOException {
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (!version.isEmpty()) {
            call.getResponseHeaders().add("ETag", version);
        }
        call.sendResponseHeaders(range == null ? 200 : 206, FILE.length - from);
        call.getResponseBody().write(FILE, from, FILE.length - from);
    }

    private Download.Arrived fetch(URI address, @Nullable String tokenVariable) throws IOException {
        return new Download(Map.of("MY_TOKEN", "secret"), SILENT, InstantSource.system())
                .fetch(address, folder, tokenVariable);
    }

    @Test
    void redirects_are_followed_the_name_comes_from_the_server_and_the_token_stays_with_its_host()
            throws IOException {
        Download.Arrived arrived = fetch(address("127.0.0.1", "/redirected"), "MY_TOKEN");
        assertThat(arrived.file()).hasBinaryContent(FILE);
        assertThat(arrived.name()).isEqualTo("naïve model.safetensors");
        assertThat(arrived.sha256()).isEqualTo("a".repeat(64));
        assertThat(seen).containsExactly("/redirected Bearer secret null", "/stored/9 null null");
    }

    @Test
    void without_a_given_name_the_address_has_it() throws IOException {
        Download.Arrived arrived =
                fetch(address("127.0.0.1", "/models/plain%20name.safetensors?download=true"), null);
        assertThat(arrived.name()).isEqualTo("plain name.safetensors");
        assertThat(arrived.sha256()).isNull();
    }

    @Test
    void what_broke_off_goes_on_where_it_was_unless_the_file_is_another_now() throws IOException {
        URI address = address("127.0.0.1", "/stored/9");
        Path part = fetch(address, null).file();
        Files.write(part, new byte[] {'0', '1', '2', '3', '4'});
        seen.clear();
        assertThat(fetch(address, null).file()).hasBinaryContent(FILE);
        assertThat(seen).containsExactly("/stored/9 null bytes=4-");
        Files.write(part, new byte[] {'x', 'x', 'x'});
        version = "\"v2\"";
        seen.clear();
        assertThat(fetch(address, null).file()).hasBinaryContent(FILE);
        assertThat(seen).containsExactly("/stored/9 null bytes=2-", "/stored/9 null null");
    }

    @Test
    void where_the_server_names_no_version_nothing_is_put_together_from_two() throws IOException {
        URI address = address("127.0.0.1", "/stored/9");
        for (String none : List.of("", "W/\"weak\"")) {
            version = none;
            Path part = fetch(address, null).file();
            Files.write(part, new byte[] {'x', 'x', 'x'});
            seen.clear();
            assertThat(fetch(address, null).file()).hasBinaryContent(FILE);
            assertThat(seen).containsExactly("/stored/9 null null");
        }
    }

    @Test
    void what_has_arrived_is_kept_until_it_was_pushed() throws IOException {
        URI address = address("127.0.0.1", "/stored/9");
        fetch(address, null);
        seen.clear();
        Download.Arrived again = fetch(address, null);
        assertThat(seen).containsExactly("/stored/9 null bytes=15-");
        assertThat(again.file()).hasBinaryContent(FILE);
        Download.drop(again);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_server_that_says_nothing_more_is_not_waited_for() {
        Download impatient =
                new Download(Map.of(), SILENT, InstantSource.system(), Duration.ofMillis(200));
        assertThatThrownBy(() -> impatient.fetch(address("127.0.0.1", "/silent"), folder, null))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("did not answer");
        assertThatThrownBy(() -> impatient.fetch(address("127.0.0.1", "/stalls"), folder, null))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("nothing came for")
                .hasMessageContaining("goes on where it was");
    }

    @Test
    void answers_that_are_no_file_are_refused_with_what_to_do() {
        Map<String, String> sentences =
                Map.of(
                        "/page", "a web page, not a file",
                        "/closed", "a token in the variable MY_TOKEN",
                        "/none", "is not there (404)",
                        "/loop", "redirects more than 10 times");
        sentences.forEach((path, sentence) ->
                assertThatThrownBy(() -> fetch(address("127.0.0.1", path), "MY_TOKEN"))
                        .isInstanceOf(Refusal.class)
                        .hasMessageContaining(sentence));
        assertThatThrownBy(() -> fetch(URI.create("http://example.org/a"), null))
                .hasMessageContaining("is no https address");
        assertThatThrownBy(() -> fetch(address("127.0.0.1", "/page"), "NOT_SET"))
                .hasMessageContaining("NOT_SET");
    }
}
