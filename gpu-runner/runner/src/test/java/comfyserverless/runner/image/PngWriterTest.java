package comfyserverless.runner.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.runner.recorded.PngTexts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PngWriterTest {
    private static Pixels noise(int width, int height, int channels) {
        byte[] samples = new byte[width * height * channels];
        new Random(1).nextBytes(samples);
        return new Pixels(width, height, channels, samples);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 9})
    void a_written_picture_reads_back_as_it_was(int level) {
        Pixels picture = noise(37, 21, 3);
        byte[] png = PngWriter.write(picture, Map.of(), level);
        Frame read = PictureReader.read(png, "a").getFirst();
        assertThat(read.colour().samples()).isEqualTo(picture.samples());
        assertThat(read.alpha()).isNull();
    }

    @Test
    void alpha_is_kept() {
        Pixels picture = noise(5, 4, 4);
        Frame read = PictureReader.read(PngWriter.write(picture, Map.of(), 4), "a").getFirst();
        byte[] alpha = new byte[20];
        for (int i = 0; i < alpha.length; i++) {
            alpha[i] = picture.samples()[4 * i + 3];
        }
        assertThat(read.alpha()).isEqualTo(alpha);
    }

    @Test
    void texts_stand_in_their_order() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("prompt", "{\"1\": \"caf\\u00e9\"}");
        texts.put("workflow", "{}");
        assertThat(PngTexts.read(PngWriter.write(noise(2, 2, 3), texts, 4)))
                .containsExactlyEntriesOf(texts);
    }

    @Test
    void a_keyword_outside_latin_1_is_refused() {
        assertThatThrownBy(() -> PngWriter.write(noise(1, 1, 3), Map.of("漢", "x"), 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("漢");
    }

    @Test
    void a_jpeg_is_made_to_fit() {
        byte[] jpeg = JpegWriter.within(noise(256, 256, 3), 5_000);
        assertThat(jpeg.length).isLessThanOrEqualTo(5_000);
    }
}
