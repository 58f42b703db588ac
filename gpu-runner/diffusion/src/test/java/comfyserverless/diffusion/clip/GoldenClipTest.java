package comfyserverless.diffusion.clip;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticEmbeddings;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.model.TextPlan;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptEncoder;
import comfyserverless.diffusion.text.PromptEncoding;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// CLIP's text encoders encode prompts as ComfyUI does: clip skip, weights, long prompts, textual inversions; weights held
/// as fp16 (the default) and as fp32.
class GoldenClipTest {

    private static final double TOLERANCE = 1e-5;
    private static final Torch TORCH = TestTorch.cpu();
    private static final Scope OWNER = TORCH.hold();

    private static final Map<File, PromptEncoder> ENCODERS = new HashMap<>();

    /// A golden file, and the model that it was recorded with.
    private record File(String name, String model, ClipPrecision precision) {}

    private static final List<File> FILES =
            List.of(
                    new File("text_encoder/sd15_clip_l", "sd15", ClipPrecision.FP16),
                    new File("text_encoder/sd15_clip_l_fp32te", "sd15", ClipPrecision.FP32),
                    new File("text_encoder/sd21_clip_h", "sd21v", ClipPrecision.FP16),
                    new File("text_encoder/sdxl_clip_lg", "sdxl", ClipPrecision.FP16));

    @AfterAll
    static void close() {
        TORCH.run(OWNER::close);
        ENCODERS.clear();
    }

    @TestFactory
    Stream<DynamicContainer> encodes_prompts_as_recorded() {
        return FILES.stream()
                .flatMap(file ->
                        Goldens.tensors(file.name()).stream().map(golden -> tests(file, golden)));
    }

    @TestFactory
    Stream<DynamicTest> different_texts_for_both_encoders_are_recorded_so() {
        File file = new File("text_encoder/sdxl_encode_nodes", "sdxl", ClipPrecision.FP16);
        return Goldens.tensors(file.name()).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .map(key ->
                                        DynamicTest.dynamicTest(
                                                key, () -> checkTwo(file, golden, key))));
    }

    private static DynamicContainer tests(File file, GoldenTensors golden) {
        return DynamicContainer.dynamicContainer(
                file.name(),
                golden.keys().stream()
                        .map(key -> DynamicTest.dynamicTest(key, () -> check(file, golden, key))));
    }

    /// A key is a case and what of its encoding is stored: `cond`, `pooled`, or `rows` (the listed tokens of cond).
    private static void check(File file, GoldenTensors golden, String key) {
        String name = key.substring(0, key.lastIndexOf('.'));
        JsonNode recipe = golden.metadataJson("cases").path(name);
        assertThat(recipe.isObject()).as("a case %s", name).isTrue();
        OptionalInt layer =
                recipe.path("clip_skip").isNumber()
                        ? OptionalInt.of(recipe.path("clip_skip").asInt())
                        : OptionalInt.empty();
        PromptEncoding encoding =
                encoder(file)
                        .encode(
                                Prompt.of(recipe.path("prompt").asText()),
                                layer,
                                new SyntheticEmbeddings());
        compare(golden, key, encoding, recipe.path("rows"));
    }

    private static final Pattern TWO_TEXTS =
            Pattern.compile("text_g '(.*)', text_l '(.*)'; cond .*, rows (.*)", Pattern.DOTALL);

    private static void checkTwo(File file, GoldenTensors golden, String key) throws IOException {
        String name = key.substring(0, key.lastIndexOf('.'));
        Matcher texts =
                TWO_TEXTS.matcher(golden.metadataJson("cases").path(name + ".rows").asText());
        assertThat(texts.matches()).as("a case %s", name).isTrue();
        Prompt prompt = new Prompt(texts.group(1), Map.of("l", texts.group(2)));
        PromptEncoding encoding =
                encoder(file).encode(prompt, OptionalInt.empty(), Embeddings.NONE);
        compare(golden, key, encoding, new JsonMapper().readTree(texts.group(3)));
    }

    private static void compare(
            GoldenTensors golden, String key, PromptEncoding encoding, JsonNode rows) {
        HostTensor actual =
                switch (key.substring(key.lastIndexOf('.') + 1)) {
                    case "cond" -> encoding.hidden();
                    case "pooled" -> Objects.requireNonNull(encoding.pooled());
                    case "rows" -> rows(encoding.hidden(), rows);
                    default -> throw new AssertionError("what is " + key + "?");
                };
        Agreement.assertAgrees(key, actual, golden.tensor(key), TOLERANCE);
    }

    private static PromptEncoder encoder(File file) {
        return ENCODERS.computeIfAbsent(file, GoldenClipTest::build);
    }

    private static PromptEncoder build(File file) {
        return TORCH.call(() -> {
            StateDict dict = StateDict.read(SyntheticModels.file(file.model()));
            TextPlan plan = ClipFiles.inCheckpoint(dict).orElseThrow();
            try (Weights weights = Weights.open(TORCH, dict, file.precision().type())) {
                return plan.design()
                        .build(TORCH, plan.parts().stream().map(weights::reading).toList(), OWNER);
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
