package comfyserverless.runner.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Files of many kinds are read as Pillow reads them (`pictures/expected.json`).
class PictureReaderTest {
    private static final Path PICTURES = Path.of("src/test/resources/pictures");

    static Stream<String> files() throws IOException {
        return expected().properties().stream().map(Map.Entry::getKey);
    }

    private static JsonNode expected() throws IOException {
        return Json.readStored(Files.readAllBytes(PICTURES.resolve("expected.json")));
    }

    @ParameterizedTest
    @MethodSource("files")
    void a_picture_has_the_pixels_that_pillow_sees(String file) throws Exception {
        List<Frame> frames = PictureReader.read(Files.readAllBytes(PICTURES.resolve(file)), file);
        JsonNode wanted = expected().path(file);
        assertThat(frames).hasSize(wanted.size());
        for (int i = 0; i < frames.size(); i++) {
            Pixels colour = frames.get(i).colour();
            JsonNode frame = wanted.path(i);
            assertThat(colour.width()).isEqualTo(frame.at("/size/0").asInt());
            assertThat(colour.height()).isEqualTo(frame.at("/size/1").asInt());
            if (lossy(file)) {
                // decoders may round differently by a level
                for (int c = 0; c < 3; c++) {
                    assertThat(mean(colour, c))
                            .isEqualTo(frame.path("means").path(c).asDouble(), within(1.0));
                }
            } else {
                assertThat(sha256(colour.samples())).isEqualTo(frame.path("rgb").asText());
            }
            byte[] alpha = frames.get(i).alpha();
            assertThat(alpha == null ? null : sha256(alpha))
                    .isEqualTo(frame.path("alpha").textValue());
        }
    }

    private static boolean lossy(String file) {
        return file.endsWith(".jpg") || file.startsWith("lossy");
    }

    private static double mean(Pixels pixels, int channel) {
        double sum = 0;
        for (int i = channel; i < pixels.samples().length; i += 3) {
            sum += pixels.samples()[i] & 255;
        }
        return sum / (pixels.width() * pixels.height());
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void a_picture_that_claims_too_many_pixels_is_refused_by_its_header() {
        byte[] png = PngWriter.write(new Pixels(1, 1, 3, new byte[3]), Map.of(), 4);
        ByteBuffer header = ByteBuffer.wrap(png);
        header.putInt(16, 30_000).putInt(20, 30_000);
        assertThatThrownBy(() -> PictureReader.read(png, "huge.png"))
                .isInstanceOf(UnreadablePicture.class)
                .hasMessageContaining("huge.png");
    }

    @Test
    void a_file_cut_short_is_told_by_its_name() throws IOException {
        byte[] whole = Files.readAllBytes(PICTURES.resolve("rgb.tif"));
        byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);
        assertThatThrownBy(() -> PictureReader.read(half, "half.tif"))
                .isInstanceOf(UnreadablePicture.class)
                .hasMessageContaining("half.tif");
    }
}
