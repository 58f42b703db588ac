package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Nobody goes around CloudFront, and no request fails while its secret is changed: meanwhile the last two hold.
class OriginSecretTest {
    private static final String HEADER = HttpEntry.ORIGIN_SECRET;

    private final TestServer server =
            new TestServer(settings -> settings.withOriginSecrets(List.of("next", "last")));

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"next, 200", "last, 200", "older, 403", "nex, 403", "'next,last', 403", "'', 403"})
    void a_request_comes_in_with_the_next_or_the_last_secret(String secret, int status) {
        assertThat(server.get("/prompt", HEADER, secret).status()).isEqualTo(status);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"next, 200", "last, 200", "older, 403", "'', 403"})
    void a_socket_too(String secret, int status) {
        ObjectNode event = Json.object();
        event.putObject("headers").put("host", "127.0.0.1:8188").put(HEADER, secret);
        event.putObject("requestContext").put("eventType", "CONNECT").put("connectionId", "A");
        assertThat(server.socket.handle(event)).isEqualTo(status);
        assertThat(server.toGreet).hasSize(status == 200 ? 1 : 0);
    }

    @Test
    void a_request_without_the_header_is_refused_and_the_path_in_it_is_not_believed() {
        ObjectNode event = TestServer.event("GET", "/prompt", new byte[0]);
        event.withObject("/headers").remove(HEADER);
        assertThat(server.http.answer(event).status()).isEqualTo(403);
    }

    @Test
    void the_environment_names_both() {
        HandlerSettings settings =
                HandlerSettings.of(
                        Map.of("COMFY_ORIGIN_SECRETS", "next, last", "COMFY_AUTH", "none"));
        assertThat(settings.originSecrets()).containsExactly("next", "last");
    }
}
