package comfyserverless.diffusion.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.model.TextPlan;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptEncoder;
import comfyserverless.diffusion.text.PromptEncoding;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Flux's and Stable Diffusion 3's text encoders together encode prompts as ComfyUI does.
class GoldenPromptsTest {

    private static final double TOLERANCE = 1e-5;
    private static final String FLUX = "text_encoder/flux_clip_l_t5";
    private static final String SD3 = "text_encoder/sd3_clip_lg_no_t5";
    private static final Torch TORCH = TestTorch.cpu();
    private static final Scope OWNER = TORCH.hold();
    private static final Map<String, PromptEncoder> ENCODERS = new HashMap<>();

    @AfterAll
    static void close() {
        TORCH.run(OWNER::close);
    }

    @TestFactory
    Stream<DynamicContainer> encode_prompts_as_recorded() {
        return Stream.of(FLUX, SD3)
                .flatMap(file ->
                        Goldens.tensors(file).stream()
                                .map(golden ->
                                        DynamicContainer.dynamicContainer(
                                                file, tests(file, golden))));
    }

    private static Stream<DynamicTest> tests(String file, GoldenTensors golden) {
        return golden.keys().stream()
                .map(key -> DynamicTest.dynamicTest(key, () -> check(file, golden, key)));
    }

    private static void check(String file, GoldenTensors golden, String key) {
        String name = key.substring(0, key.lastIndexOf('.'));
        JsonNode recipe = golden.metadataJson("cases").path(name);
        assertThat(recipe.isObject()).as("a case %s", name).isTrue();
        JsonNode skip = recipe.path("clip_skip");
        PromptEncoding encoding =
                ENCODERS.computeIfAbsent(file, GoldenPromptsTest::build)
                        .encode(
                                Prompt.of(recipe.path("prompt").asText()),
                                skip.isInt()
                                        ? OptionalInt.of(skip.intValue())
                                        : OptionalInt.empty(),
                                Embeddings.NONE);
        HostTensor actual =
                switch (key.substring(key.lastIndexOf('.') + 1)) {
                    case "cond" -> encoding.hidden();
                    case "pooled" -> Objects.requireNonNull(encoding.pooled());
                    case "rows" -> rows(encoding.hidden(), recipe.path("rows"));
                    default -> throw new AssertionError("what is " + key + "?");
                };
        Agreement.assertAgrees(key, actual, golden.tensor(key), TOLERANCE);
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

    private static PromptEncoder build(String file) {
        try {
            TextPlan plan =
                    file.equals(FLUX)
                            ? TextFiles.flux(List.of(read("t5-reduced"), read("clip_l")))
                            : TextFiles.inCheckpoint(read("sd3")).orElseThrow();
            return TORCH.call(() -> {
                List<Weights> parts = new ArrayList<>();
                for (StateDict part : plan.parts()) {
                    parts.add(Weights.open(TORCH, part, DType.F16));
                }
                PromptEncoder encoder = plan.design().build(TORCH, parts, OWNER);
                parts.forEach(Weights::close);
                return encoder;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StateDict read(String model) throws IOException {
        return StateDict.read(SyntheticModels.file(model));
    }
}
