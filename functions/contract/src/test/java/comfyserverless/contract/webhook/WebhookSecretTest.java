package comfyserverless.contract.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The signatures of Standard Webhooks: its published example, and others that its reference library
/// (PyPI standardwebhooks 1.1.0) made.
class WebhookSecretTest {
    static Stream<Arguments> vectors() {
        try (InputStream in =
                WebhookSecretTest.class.getResourceAsStream("/webhook/signatures.json")) {
            JsonNode vectors = Json.readStored(Objects.requireNonNull(in).readAllBytes());
            return StreamSupport.stream(vectors.spliterator(), false)
                    .map(vector -> Arguments.of(vector.path("name").asText(), vector));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void signs_as_the_reference_does(String name, JsonNode vector) {
        List<WebhookSecret> secrets = new ArrayList<>();
        vector.path("secrets").forEach(secret -> secrets.add(WebhookSecret.of(secret.asText())));
        byte[] payload = vector.path("payload").asText().getBytes(StandardCharsets.UTF_8);
        long seconds = vector.path("timestamp").asLong();
        assertThat(WebhookSecret.signatures(secrets, vector.path("id").asText(), seconds, payload))
                .isEqualTo(vector.path("signatures").asText());
    }

    @Test
    void a_secret_is_read_as_it_is_shown() {
        String text = WebhookSecret.of(new byte[32]).text();
        assertThat(text).startsWith("whsec_");
        assertThat(WebhookSecret.of(text).text()).isEqualTo(text);
    }

    @Test
    void a_secret_is_in_no_log() {
        WebhookSecret secret = WebhookSecret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assertThat(secret.toString()).isEqualTo("whsec_…");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS=",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa",
                "whsec_not base64 at all, not at all"
            })
    void what_is_no_secret_is_refused(String text) {
        assertThatThrownBy(() -> WebhookSecret.of(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 23, 65})
    void a_secret_has_24_to_64_bytes(int length) {
        assertThatThrownBy(() -> WebhookSecret.of(new byte[length]))
                .hasMessageContaining("not " + length);
    }
}
