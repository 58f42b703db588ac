package comfyserverless.runner.nodes.model;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Mask;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InpaintTest {
    /// A mask of one place at (8, 8).
    @ParameterizedTest
    @CsvSource({"0, 8, 8", "1, 8, 8", "2, 8, 9", "6, 6, 11", "7, 5, 11"})
    void the_mask_grows_to_a_square_and_grey_lies_on_the_mask_alone(int grow, int from, int to) {
        Image image = Image.black(2, 16, 16);
        Arrays.fill(image.data(), 1f);
        Mask mask = Mask.filled(1, 16, 16, 0.4f);
        mask.data()[8 * 16 + 8] = 0.6f;
        VAEEncodeForInpaint.Prepared prepared =
                VAEEncodeForInpaint.Prepared.of(image, mask, grow, 8);
        for (int i = 0; i < 256; i++) {
            int y = i / 16;
            int x = i % 16;
            boolean grown = y >= from && y <= to && x >= from && x <= to;
            assertThat(prepared.mask().data()[i]).as(y + ", " + x).isEqualTo(grown ? 1f : 0f);
            float colour = y == 8 && x == 8 ? 0.5f : 1f;
            assertThat(prepared.pixels().data()[i * 3]).isEqualTo(colour);
            assertThat(prepared.pixels().data()[(256 + i) * 3]).isEqualTo(colour);
        }
    }

    @ParameterizedTest
    @CsvSource({"17, 16, 16, 16", "23, 31, 16, 24", "8, 8, 8, 8"})
    void both_are_cut_to_what_the_autoencoder_takes(int height, int width, int h, int w) {
        VAEEncodeForInpaint.Prepared prepared =
                VAEEncodeForInpaint.Prepared.of(
                        Image.black(1, height, width), Mask.filled(1, 5, 5, 1), 6, 8);
        assertThat(prepared.pixels().toString()).isEqualTo("Image[1, " + h + ", " + w + ", 3]");
        assertThat(prepared.mask().toString()).isEqualTo("Mask[1, " + h + ", " + w + "]");
    }

    @ParameterizedTest
    @CsvSource({"17, 16, 16, 16", "23, 31, 16, 24"})
    void the_mask_for_a_sampler_fits_the_latent(int height, int width, int h, int w) {
        Mask fitted =
                InpaintModelConditioning.fitted(
                        Mask.filled(1, 5, 5, 0.25f), Image.black(1, height, width), 8);
        assertThat(fitted).isEqualTo(Mask.filled(1, h, w, 0.25f));
    }
}
