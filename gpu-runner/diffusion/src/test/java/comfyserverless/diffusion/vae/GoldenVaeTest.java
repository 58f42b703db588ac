package comfyserverless.diffusion.vae;

import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The autoencoder gives ComfyUI's pictures and latents, for every result in the golden file.
class GoldenVaeTest {

    private static final double TOLERANCE = 3e-5;
    private static final String FILE = "vae/sd15_vae";
    private static final Torch TORCH = TestTorch.cpu();

    @SuppressWarnings("NullAway.Init")
    private static Vae vae;

    @BeforeAll
    static void build() {
        vae =
                TORCH.call(() -> {
                    StateDict dict = StateDict.read(SyntheticModels.file("sd15"));
                    try (Weights weights = Weights.open(TORCH, dict, DType.F32)) {
                        return Vae.of(
                                TORCH,
                                weights.under("first_stage_model."),
                                new MemoryBudget(Path.of("/")));
                    }
                });
    }

    @AfterAll
    static void close() {
        vae.close();
    }

    @TestFactory
    Stream<DynamicTest> gives_the_recorded_pictures_and_latents() {
        return Goldens.tensors(FILE).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .filter(GoldenVaeTest::isResult)
                                .map(key ->
                                        DynamicTest.dynamicTest(key, () -> check(golden, key))));
    }

    /// `encode_NAME` and `decode_NAME[_raw_minus1_1]`; the others are their inputs, named NAME.
    private static boolean isResult(String key) {
        return key.startsWith("encode_") || key.startsWith("decode_");
    }

    private static void check(GoldenTensors golden, String key) {
        HostTensor actual = result(golden, key);
        Agreement.assertAgrees(key, actual, golden.tensor(key), TOLERANCE);
    }

    private static HostTensor result(GoldenTensors golden, String key) {
        String input = key.substring(key.indexOf('_') + 1).replace("_raw_minus1_1", "");
        HostTensor x = golden.tensor(input);
        if (key.startsWith("encode_")) {
            return vae.encode(x);
        }
        return key.endsWith("_raw_minus1_1") ? vae.decodeRaw(x) : vae.decode(x);
    }
}
