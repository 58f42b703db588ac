package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.Extra;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.sampling.PromptNumber;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Stable Diffusion XL and its refiner are told pooled texts and sizes in the recorded numbers.
class GoldenVectorTest {

    /// PyTorch itself is this far from what was recorded where its exponential takes other instructions (MKL's for AVX2
    /// 3.5e-5, for AVX-512 1.7e-5, for SSE 4.2, which were recorded, 0): an error in the last place of a frequency grows
    /// by the size it is multiplied by.
    private static final double TOLERANCE = 4e-5;

    private static final String POOLED = "pooled";
    private static final Torch TORCH = TestTorch.cpu();

    @TestFactory
    Stream<DynamicTest> of_stable_diffusion_xl() {
        return tests("unet/sdxl_adm", VectorKind.SIZES);
    }

    @TestFactory
    Stream<DynamicTest> of_its_refiner() {
        return tests("unet/sdxl_refiner_adm", VectorKind.SIZES_AND_SCORE);
    }

    private static Stream<DynamicTest> tests(String file, VectorKind kind) {
        return Goldens.tensors(file).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .filter(key -> !key.equals(POOLED))
                                .map(key ->
                                        DynamicTest.dynamicTest(
                                                key, () -> check(kind, golden, key))));
    }

    private static void check(VectorKind kind, GoldenTensors golden, String key) {
        HostTensor pooled = golden.tensor(POOLED);
        Conditioning prompt = Conditioning.of(HostTensor.zeros(1, 1, 1), pooled);
        if (key.contains("1024x768") || kind == VectorKind.SIZES_AND_SCORE) {
            prompt = prompt.with(PromptNumber.WIDTH, 1024).with(PromptNumber.HEIGHT, 768);
        }
        if (key.contains("crop16_8_target_896x640")) {
            prompt =
                    prompt.with(PromptNumber.CROP_WIDTH, 16)
                            .with(PromptNumber.CROP_HEIGHT, 8)
                            .with(PromptNumber.TARGET_WIDTH, 896)
                            .with(PromptNumber.TARGET_HEIGHT, 640);
        }
        if (key.contains("score6")) {
            prompt = prompt.with(PromptNumber.AESTHETIC_SCORE, 6);
        }
        Map<Extra, HostTensor> extras =
                kind.extras(prompt, new NoiseModel.Frame(96, 96, key.contains("neg")));
        HostTensor vector =
                TORCH.call(() -> {
                    try (Scope _ = TORCH.scope()) {
                        return SizeEmbedding.of(
                                        TORCH,
                                        TORCH.fromHost(
                                                Objects.requireNonNull(extras.get(Extra.VECTOR))),
                                        TORCH.fromHost(
                                                Objects.requireNonNull(extras.get(Extra.SIZES))))
                                .toHost();
                    }
                });
        Agreement.assertAgrees(key, vector, golden.tensor(key), TOLERANCE);
    }
}
