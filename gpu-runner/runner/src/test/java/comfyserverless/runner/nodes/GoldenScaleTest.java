package comfyserverless.runner.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The nodes that scale and change pictures and latents give the recorded numbers (goldens `image`).
class GoldenScaleTest {
    private static final String FILE = "image/scale_methods";

    /// What a quantised value may be off: one level, in so many of a thousand.
    private static final float LEVEL = 1f / 255f + 1e-6f;

    private static final double OFF_BY_ONE = 0.004;
    private static final float CLOSE = 1e-4f;

    /// The known keys of the file; those of nodes that are not there yet are left out.
    static Stream<String> keys() {
        return Goldens.tensors(FILE).stream()
                .flatMap(tensors -> tensors.keys().stream())
                .filter(key -> GoldenCalls.call(key).isPresent());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("keys")
    void a_node_gives_the_recorded_numbers(String key) throws Exception {
        GoldenTensors goldens = Goldens.tensors(FILE).orElseThrow();
        Optional<GoldenCalls.Call> call = GoldenCalls.call(key);
        Value given =
                call.orElseThrow().takesLatent()
                        ? GoldenNumbers.latent(goldens.tensor("latent_in"))
                        : GoldenNumbers.image(goldens.tensor("image_in"));
        List<Value> outputs = call.orElseThrow().run(given);
        HostTensor wanted = goldens.tensor(key);
        float[] actual = GoldenNumbers.data(outputs.getFirst());
        assertThat(actual.length).isEqualTo(wanted.data().length);
        if (key.contains("lanczos")) {
            assertThat(GoldenNumbers.shareBeyond(actual, wanted.data(), CLOSE))
                    .isLessThanOrEqualTo(OFF_BY_ONE);
            assertThat(GoldenNumbers.shareBeyond(actual, wanted.data(), LEVEL)).isZero();
        } else {
            assertThat(
                            GoldenNumbers.shareBeyond(
                                    actual,
                                    wanted.data(),
                                    CLOSE * GoldenNumbers.largest(wanted.data())))
                    .isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void a_quarter_turn_swaps_width_and_height(int width, int height) throws Exception {
        Latent turned =
                (Latent)
                        GoldenCalls.call("LatentRotate.rotate90")
                                .orElseThrow()
                                .run(Latent.empty(1, 4, height, width))
                                .getFirst();
        assertThat(Arrays.asList(turned.width(), turned.height()))
                .isEqualTo(Arrays.asList(height, width));
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> shapes() {
        return Stream.of(
                org.junit.jupiter.params.provider.Arguments.of(3, 5),
                org.junit.jupiter.params.provider.Arguments.of(8, 8));
    }
}
