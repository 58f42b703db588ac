package comfyserverless.runner.nodes.image;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.nodeapi.Image;
import comfyserverless.runner.nodes.Call;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FluxKontextImageScaleTest {
    @ParameterizedTest
    @CsvSource({"10, 10, 1024, 1024", "30, 20, 1248, 832", "2, 30, 672, 1568", "90, 3, 1568, 672"})
    void a_picture_takes_the_size_of_the_nearest_proportion(
            int width, int height, int wanted, int high) throws Exception {
        Object scaled =
                Call.of("FluxKontextImageScale")
                        .with("image", Image.black(1, height, width))
                        .first();
        assertThat(scaled).hasToString("Image[1, " + high + ", " + wanted + ", 3]");
    }
}
