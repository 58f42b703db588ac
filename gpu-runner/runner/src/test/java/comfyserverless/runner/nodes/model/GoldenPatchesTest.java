package comfyserverless.runner.nodes.model;

import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.nodes.Call;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// KSampler gives the recorded latents under the patches that are there.
class GoldenPatchesTest {
    private static final String FILE = "patches/sd15_guidance";
    private static final double TOLERANCE = 1e-4;
    private static final Map<String, Double> PLAIN = Map.of("base", 7.0, "base.cfg1", 1.0);

    static Stream<String> keys() {
        return Goldens.tensors(FILE).stream()
                .flatMap(golden -> golden.keys().stream())
                .filter(key -> PLAIN.containsKey(key) || key.startsWith("LatentApplyOperationCFG"));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("keys")
    void a_sampler_gives_the_recorded_latent(String key) throws Exception {
        GoldenTensors golden = Goldens.tensors(FILE).orElseThrow();
        Value model =
                PLAIN.containsKey(key)
                        ? GoldenModels.network().value()
                        : Call.of("LatentApplyOperationCFG")
                                .with("model", GoldenModels.network().value())
                                .with("operation", operation(key))
                                .first();
        Latent latent =
                (Latent)
                        Call.of("KSampler")
                                .with("model", model)
                                .with("positive", GoldenModels.prompt("pos"))
                                .with("negative", GoldenModels.prompt("neg"))
                                .with("latent_image", Latent.empty(1, 4, 8, 8))
                                .with("sampler_name", "euler")
                                .with("scheduler", "normal")
                                .with("seed", 42)
                                .with("steps", 4)
                                .with("denoise", 1.0)
                                .with("cfg", PLAIN.getOrDefault(key, 7.0))
                                .first();
        Agreement.assertAgrees(
                key, new HostTensor(latent.data(), 1, 4, 8, 8), golden.tensor(key), TOLERANCE);
    }

    /// `(Sharpen 3,1.0,0.4)` or `(TonemapReinhard 1.3)`.
    private static Value operation(String key) throws Exception {
        String[] words = key.substring(key.indexOf('(') + 1, key.length() - 1).split("[ ,]", -1);
        return words[0].equals("Sharpen")
                ? Call.of("LatentOperationSharpen")
                        .with("sharpen_radius", Integer.parseInt(words[1]))
                        .with("sigma", Double.parseDouble(words[2]))
                        .with("alpha", Double.parseDouble(words[3]))
                        .first()
                : Call.of("LatentOperationTonemapReinhard")
                        .with("multiplier", Double.parseDouble(words[1]))
                        .first();
    }
}
