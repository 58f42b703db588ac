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
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Autoencoders of 4 and 16 channels give ComfyUI's pictures and latents, for every result in the golden files.
class GoldenVaeTest {

    private static final double TOLERANCE = 3e-5;
    private static final String PREFIX = "first_stage_model.";
    private static final Torch TORCH = TestTorch.cpu();

    /// Golden file, and the synthetic model it was recorded with.
    private static final Map<String, String> FILES =
            Map.of("vae/sd15_vae", "sd15", "vae/ae16_vae", "ae16");

    private static final Map<String, Vae> MODELS = new HashMap<>();

    private static Vae build(String model) {
        return TORCH.call(() -> {
            StateDict dict = StateDict.read(SyntheticModels.file(model));
            String prefix = dict.containsUnder(PREFIX) ? PREFIX : "";
            try (Weights weights = Weights.open(TORCH, dict, DType.F32)) {
                return Vae.of(TORCH, weights.under(prefix), new MemoryBudget(Path.of("/")));
            }
        });
    }

    @AfterAll
    static void close() {
        MODELS.values().forEach(Vae::close);
    }

    @TestFactory
    Stream<DynamicContainer> gives_the_recorded_pictures_and_latents() {
        return FILES.keySet().stream()
                .sorted()
                .flatMap(file ->
                        Goldens.tensors(file).stream()
                                .map(golden ->
                                        DynamicContainer.dynamicContainer(
                                                file, tests(file, golden))));
    }

    private static Stream<DynamicTest> tests(String file, GoldenTensors golden) {
        return golden.keys().stream()
                .filter(GoldenVaeTest::isResult)
                .map(key -> DynamicTest.dynamicTest(key, () -> check(file, golden, key)));
    }

    /// `encode_NAME` and `decode_NAME[_raw_minus1_1]`; the others are their inputs, named NAME.
    private static boolean isResult(String key) {
        return key.startsWith("encode_") || key.startsWith("decode_");
    }

    private static void check(String file, GoldenTensors golden, String key) {
        Vae vae = MODELS.computeIfAbsent(FILES.getOrDefault(file, file), GoldenVaeTest::build);
        HostTensor actual = result(vae, golden, key);
        Agreement.assertAgrees(key, actual, golden.tensor(key), TOLERANCE);
    }

    private static HostTensor result(Vae vae, GoldenTensors golden, String key) {
        String input = key.substring(key.indexOf('_') + 1).replace("_raw_minus1_1", "");
        HostTensor x = golden.tensor(input);
        if (key.startsWith("encode_")) {
            return vae.encode(x);
        }
        return key.endsWith("_raw_minus1_1") ? vae.decodeRaw(x) : vae.decode(x);
    }
}
