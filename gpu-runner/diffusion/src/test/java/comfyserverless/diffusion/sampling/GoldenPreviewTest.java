package comfyserverless.diffusion.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.torch.HostTensor;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Previews have the colours of ComfyUI's.
class GoldenPreviewTest {

    private static final String FILE = "vae/latent2rgb_preview";
    private static final String LATENT = "z";

    @TestFactory
    Stream<DynamicTest> previews_have_the_recorded_colours() {
        return Goldens.tensors(FILE).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .filter(key -> !key.equals(LATENT))
                                .map(key ->
                                        DynamicTest.dynamicTest(key, () -> check(golden, key))));
    }

    private static void check(GoldenTensors golden, String key) {
        LatentPreview preview = LatentPreview.of(LatentFormat.SD15, golden.tensor(LATENT));
        HostTensor recorded = golden.tensor(key);
        assertThat(preview.rgb()).as("size of %s", key).hasSize(recorded.data().length);
        for (int i = 0; i < recorded.data().length; i++) {
            assertThat((double) (preview.rgb()[i] & 0xff))
                    .as("%s[%d]", key, i)
                    .isBetween(recorded.data()[i] - 1.0, recorded.data()[i] + 1.0);
        }
    }
}
