package comfyserverless.diffusion.vae;

import comfyserverless.diffusion.ModelFiles;
import comfyserverless.diffusion.ProgressListener;
import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.SyntheticTensors;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.weights.MemoryBudget;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The tiny autoencoders give ComfyUI's pictures and latents.
class GoldenTinyAutoencoderTest {

    private static final double TOLERANCE = 3e-5;

    @TestFactory
    Stream<DynamicTest> taesd_gives_what_is_recorded() {
        return tests("vae/taesd", TinyAutoencoder.Scale.TAESD);
    }

    @TestFactory
    Stream<DynamicTest> taesdxl_gives_what_is_recorded() {
        return tests("vae/taesdxl", TinyAutoencoder.Scale.TAESDXL);
    }

    private static Stream<DynamicTest> tests(String file, TinyAutoencoder.Scale scale) {
        return Goldens.tensors(file).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .filter(GoldenTinyAutoencoderTest::isResult)
                                .map(key ->
                                        DynamicTest.dynamicTest(
                                                key, () -> check(golden, key, scale))));
    }

    /// `ramp` and `z` are inputs; the preview is tested elsewhere.
    private static boolean isResult(String key) {
        return key.startsWith("encode_") || key.startsWith("decode_") || key.startsWith("raw");
    }

    private static void check(GoldenTensors golden, String key, TinyAutoencoder.Scale scale) {
        try (Autoencoder tiny =
                new ModelFiles(
                                TestTorch.cpu(),
                                new MemoryBudget(Path.of("/")),
                                ClipPrecision.FP16,
                                ProgressListener.SILENT)
                        .tinyAutoencoder(
                                SyntheticModels.file("taesd_encoder"),
                                SyntheticModels.file("taesd_decoder"),
                                scale)) {
            Agreement.assertAgrees(key, result(golden, key, tiny), golden.tensor(key), TOLERANCE);
        }
    }

    private static HostTensor result(GoldenTensors golden, String key, Autoencoder tiny) {
        HostTensor z =
                golden.find("z")
                        .orElseGet(() ->
                                SyntheticTensors.tensor(
                                        "in/z4", (float) Math.sqrt(3), 0f, 1, 4, 8, 8));
        return switch (key) {
            case "encode_ramp" ->
                    tiny.encode(Goldens.tensors("vae/taesd").orElseThrow().tensor("ramp"));
            case "decode_z" -> tiny.decode(z);
            case "raw" -> tiny.decodeRaw(z);
            case "raw.sub" -> thinned(tiny.decodeRaw(z));
            default -> throw new IllegalArgumentException(key);
        };
    }

    /// Every fourth row and column.
    private static HostTensor thinned(HostTensor x) {
        int height = (int) x.size(2);
        int width = (int) x.size(3);
        float[] data = new float[x.data().length / 16];
        for (int i = 0; i < data.length; i++) {
            int column = i % (width / 4);
            int row = i / (width / 4);
            data[i] = x.data()[row * 4 * width + column * 4];
        }
        return new HostTensor(data, x.size(0), x.size(1), height / 4, width / 4);
    }
}
