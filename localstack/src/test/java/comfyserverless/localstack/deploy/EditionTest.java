package comfyserverless.localstack.deploy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Against what LocalStack answers about itself.
class EditionTest {
    private final HttpServer server;

    EditionTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answers(String json) {
        server.createContext(
                "/_localstack/health",
                exchange -> {
                    byte[] body = json.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
    }

    @Test
    void one_without_a_token_is_refused_with_what_it_lacks_and_what_to_do() {
        answers(
                "{\"services\":{\"apigateway\":\"available\",\"lambda\":\"available\"},\"version\":\"4.14.0\"}");
        assertThatThrownBy(() -> Edition.requireWhole(endpoint()))
                .hasMessageContaining("has no apigatewayv2")
                .hasMessageContaining("4.14.0")
                .hasMessageContaining("LOCALSTACK_AUTH_TOKEN")
                .hasMessageContaining("--ministack");
    }

    @Test
    void one_with_all_services_is_taken() {
        answers("{\"services\":{\"apigatewayv2\":\"available\",\"lambda\":\"running\"}}");
        assertThatCode(() -> Edition.requireWhole(endpoint())).doesNotThrowAnyException();
    }

    @Test
    void what_is_no_localstack_is_told_with_the_flags_that_help() {
        assertThatThrownBy(() -> Edition.requireWhole(endpoint()))
                .hasMessageContaining("answered 404")
                .hasMessageContaining("--endpoint URL");
        answers("hello");
        assertThatThrownBy(() -> Edition.requireWhole(endpoint())).hasMessageContaining("no JSON");
        URI nobody = endpoint();
        server.stop(0);
        assertThatThrownBy(() -> Edition.requireWhole(nobody))
                .hasMessageContaining("did not answer");
    }
}
