package comfyserverless.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import comfyserverless.contract.Ports;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against a server that answers with the status codes it is given, then 200.
class ApiGatewayPostTest {
    private final ManualClock clock = new ManualClock();
    private final Deque<Integer> answers = new ArrayDeque<>();
    private final List<String> bodies = new ArrayList<>();
    private final List<String> kinds = new ArrayList<>();
    private final HttpServer server = serve();
    private final Aws aws = aws(true);

    private HttpServer serve() {
        try {
            HttpServer made =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            made.createContext("/", this::answer);
            made.start();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        kinds.add(String.valueOf(exchange.getRequestHeaders().getFirst(Post.KIND_HEADER)));
        int status = answers.isEmpty() ? 200 : answers.removeFirst();
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private Aws aws(boolean binary) {
        URI endpoint = URI.create("http://localhost:" + server.getAddress().getPort());
        return Aws.open(
                new AwsSettings(
                        "us-east-1",
                        new AwsSettings.Endpoints(endpoint, endpoint, endpoint, endpoint),
                        new AwsSettings.Names("t", "f", "m", endpoint + "/q"),
                        new AwsSettings.Access("id", "secret"),
                        binary),
                JobSettings.standard(),
                new Ports.Chance(
                        clock, () -> "id", round -> clock.advance(Duration.ofSeconds(round + 1))),
                List.of());
    }

    @BeforeEach
    void open() {
        answers.clear();
    }

    @AfterEach
    void close() {
        aws.close();
        server.stop(0);
    }

    @Test
    void a_text_arrives_as_it_was_posted() {
        assertThat(aws.post().text("c=", "{\"type\": \"ü\"}")).isEqualTo(Post.Outcome.SENT);
        assertThat(bodies).containsExactly("{\"type\": \"ü\"}");
        assertThat(kinds).containsExactly("null");
    }

    @Test
    void a_closed_socket_is_gone_and_a_large_message_too_large() {
        answers.addAll(List.of(410, 413));
        assertThat(aws.post().text("c", "{}")).isEqualTo(Post.Outcome.GONE);
        assertThat(aws.post().text("c", "{}")).isEqualTo(Post.Outcome.TOO_LARGE);
    }

    @Test
    void throttling_and_server_errors_are_waited_out() {
        for (int i = 0; i < 3; i++) {
            answers.addAll(List.of(429, 500, 503));
        }
        assertThat(aws.post().text("c", "{}")).isEqualTo(Post.Outcome.SENT);
        assertThat(answers).isEmpty();
    }

    @Test
    void after_ten_seconds_the_trouble_surfaces() {
        for (int i = 0; i < 100; i++) {
            answers.add(500);
        }
        Post post = aws.post();
        assertThatThrownBy(() -> post.text("c", "{}"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("connection c");
    }

    @Test
    void a_binary_message_says_that_it_is_one() {
        assertThat(aws.post().binary("c", new byte[] {1, 2})).isEqualTo(Post.Outcome.SENT);
        assertThat(kinds).containsExactly("binary");
    }

    @Test
    void without_leave_there_are_no_binary_messages() {
        try (Aws plain = aws(false)) {
            Post post = plain.post();
            assertThat(post.binaryAllowed()).isFalse();
            assertThatThrownBy(() -> post.binary("c", new byte[] {1}))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
