package comfyserverless.diffusion.clip;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticEmbeddings;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.text.ClipTokenizer;
import comfyserverless.diffusion.text.PromptTokenizer;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// CLIP-L encodes prompts as ComfyUI does: clip skip, weights, long prompts, textual inversions; weights held as fp16
/// (the default) and as fp32.
class GoldenClipTest {

    private static final double TOLERANCE = 1e-5;
    private static final Torch TORCH = TestTorch.cpu();
    private static final Scope OWNER = TORCH.hold();

    /// All layers that a case may ask for: each prompt is encoded once.
    private static final List<OptionalInt> LAYERS =
            IntStream.rangeClosed(0, 12)
                    .mapToObj(n -> n == 0 ? OptionalInt.empty() : OptionalInt.of(-n))
                    .toList();

    private static final Map<ClipPrecision, ClipEncoder> ENCODERS =
            new EnumMap<>(ClipPrecision.class);
    private static final Map<String, List<ClipEncoding>> ENCODED = new HashMap<>();

    private static final Map<String, ClipPrecision> FILES =
            Map.of(
                    "text_encoder/sd15_clip_l", ClipPrecision.FP16,
                    "text_encoder/sd15_clip_l_fp32te", ClipPrecision.FP32);

    @AfterAll
    static void close() {
        TORCH.run(OWNER::close);
        ENCODED.clear();
    }

    @TestFactory
    Stream<DynamicContainer> encodes_prompts_as_recorded() {
        return FILES.entrySet().stream()
                .flatMap(file ->
                        Goldens.tensors(file.getKey()).stream()
                                .map(golden -> tests(file.getKey(), golden, file.getValue())));
    }

    private static DynamicContainer tests(
            String file, GoldenTensors golden, ClipPrecision precision) {
        return DynamicContainer.dynamicContainer(
                file,
                golden.keys().stream()
                        .map(key ->
                                DynamicTest.dynamicTest(key, () -> check(precision, golden, key))));
    }

    /// A key is a case and what of its encoding is stored: `cond`, `pooled`, or `rows` (the listed tokens of cond).
    private static void check(ClipPrecision precision, GoldenTensors golden, String key) {
        String name = key.substring(0, key.lastIndexOf('.'));
        String what = key.substring(key.lastIndexOf('.') + 1);
        JsonNode recipe = golden.metadataJson("cases").path(name);
        assertThat(recipe.isObject()).as("a case %s", name).isTrue();
        ClipEncoding encoding =
                ENCODED.computeIfAbsent(
                                precision + recipe.path("prompt").asText(),
                                _ -> encode(precision, recipe.path("prompt").asText()))
                        .get(
                                LAYERS.indexOf(
                                        recipe.path("clip_skip").isNumber()
                                                ? OptionalInt.of(recipe.path("clip_skip").asInt())
                                                : OptionalInt.empty()));
        HostTensor actual =
                switch (what) {
                    case "cond" -> encoding.hidden();
                    case "pooled" -> encoding.pooled();
                    case "rows" -> rows(encoding.hidden(), recipe.path("rows"));
                    default -> throw new AssertionError("what is " + key + "?");
                };
        Agreement.assertAgrees(key, actual, golden.tensor(key), TOLERANCE);
    }

    private static List<ClipEncoding> encode(ClipPrecision precision, String prompt) {
        ClipEncoder encoder = ENCODERS.computeIfAbsent(precision, GoldenClipTest::build);
        PromptTokenizer tokenizer =
                new PromptTokenizer(
                        ClipTokenizer.standard(),
                        PromptTokenizer.Layout.clipL(encoder.shape().width()),
                        new SyntheticEmbeddings());
        return encoder.encode(tokenizer.tokenize(prompt), LAYERS);
    }

    private static ClipEncoder build(ClipPrecision precision) {
        return TORCH.call(() -> {
            StateDict dict = StateDict.read(SyntheticModels.file("sd15"));
            try (Weights weights = Weights.open(TORCH, dict, DType.F32)) {
                return new ClipEncoder(
                        TORCH,
                        weights.under("cond_stage_model.transformer.text_model.")
                                .as(precision.type()),
                        OWNER,
                        ClipSettings.SD1_L);
            }
        });
    }

    private static HostTensor rows(HostTensor hidden, JsonNode rows) {
        int width = Math.toIntExact(hidden.size(2));
        float[] numbers = new float[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(
                    hidden.data(), rows.get(i).intValue() * width, numbers, i * width, width);
        }
        return new HostTensor(numbers, 1, rows.size(), width);
    }
}
