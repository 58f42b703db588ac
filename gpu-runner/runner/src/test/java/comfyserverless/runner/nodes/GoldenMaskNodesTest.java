package comfyserverless.runner.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.torch.HostTensor;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Masks, compositing, morphology and the picture nodes give the recorded numbers.
class GoldenMaskNodesTest {
    private static final String FILE = "image/mask_nodes";
    private static final float CLOSE = 1e-5f;

    static Stream<String> keys() {
        return Goldens.tensors(FILE).stream()
                .flatMap(tensors -> tensors.keys().stream())
                .filter(key -> !key.startsWith("input."));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("keys")
    void a_node_gives_the_recorded_numbers(String key) throws Exception {
        GoldenTensors goldens = Goldens.tensors(FILE).orElseThrow();
        HostTensor wanted = goldens.tensor(key);
        float[] actual = GoldenNumbers.data(new GoldenExpression(goldens).value(key));
        assertThat(actual.length).isEqualTo(wanted.data().length);
        float most = CLOSE * Math.max(1, GoldenNumbers.largest(wanted.data()));
        assertThat(GoldenNumbers.shareBeyond(actual, wanted.data(), most)).isZero();
    }
}
