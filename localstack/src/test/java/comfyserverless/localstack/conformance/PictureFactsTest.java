package comfyserverless.localstack.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.conformance.Expected;
import comfyserverless.contract.conformance.Recordings;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The facts of pictures are those that Pillow finds (`replay/pictures.json`, written by the corpus' own replayer).
class PictureFactsTest {
    static Stream<Map.Entry<String, JsonNode>> pictures() {
        try (InputStream facts =
                PictureFactsTest.class.getResourceAsStream("/replay/pictures.json")) {
            return Json.readStored(Objects.requireNonNull(facts).readAllBytes())
                    .properties()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void a_picture_has_the_facts_that_Pillow_finds(Map.Entry<String, JsonNode> picture)
            throws IOException {
        JsonNode facts = PictureFacts.of(Recordings.file(picture.getKey()));
        assertThat(Expected.difference(picture.getValue(), facts)).isEmpty();
    }

    @Test
    void what_is_no_picture_is_refused() {
        assertThatThrownBy(() -> PictureFacts.of(Recordings.file("note.txt")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no picture");
    }
}
