package comfyserverless.vignette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeharness.NodeHarness;
import comfyserverless.nodeharness.Ran;
import comfyserverless.nodeharness.RefusedInputs;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VignetteTest {
    private final Node vignette = new VignetteNodes().nodes().getFirst();

    private static Image white(int size) {
        float[] data = new float[size * size * 3];
        Arrays.fill(data, 1);
        return new Image(data, 1, size, size, 3);
    }

    @Test
    void corners_become_darker_than_the_middle() throws Exception {
        Ran ran = NodeHarness.run(vignette, Map.of("image", white(9), "strength", 0.8));
        Image darker = ran.image(0);
        assertThat(darker.data()[darker.at(0, 4, 4)]).isEqualTo(1);
        assertThat(darker.data()[darker.at(0, 0, 0)]).isBetween(0.3f, 0.4f);
        assertThat(ran.told().progress()).containsExactly(new Ran.Step(1, 1));
    }

    @Test
    void a_strength_above_one_is_refused() {
        assertThatThrownBy(
                        () -> NodeHarness.run(vignette, Map.of("image", white(1), "strength", 2)))
                .isInstanceOf(RefusedInputs.class)
                .hasMessageContaining("Value 2.0 bigger than max of 1.0: strength");
    }
}
