package comfyserverless.diffusion.t5;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.PromptTokenizer;
import comfyserverless.diffusion.text.T5Tokenizer;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// T5 encodes prompts as ComfyUI does for Flux: weights, prompts of more than 256 tokens, other scripts.
class GoldenT5Test {

    private static final double TOLERANCE = 1e-5;
    private static final String FILE = "text_encoder/flux_clip_l_t5";
    private static final Torch TORCH = TestTorch.cpu();
    private static final Scope OWNER = TORCH.hold();

    private static final Map<String, T5Encoder> ENCODERS = new HashMap<>();

    @AfterAll
    static void close() {
        TORCH.run(OWNER::close);
    }

    @TestFactory
    Stream<DynamicTest> encodes_prompts_as_recorded() {
        return Goldens.tensors(FILE).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .filter(key -> !key.endsWith(".pooled"))
                                .map(key ->
                                        DynamicTest.dynamicTest(key, () -> check(golden, key))));
    }

    /// A key is a case and what of its encoding is stored: `cond` or `rows` (the listed tokens of it). What is pooled is
    /// CLIP's.
    private static void check(GoldenTensors golden, String key) {
        String name = key.substring(0, key.lastIndexOf('.'));
        JsonNode recipe = golden.metadataJson("cases").path(name);
        assertThat(recipe.isObject()).as("a case %s", name).isTrue();
        T5Encoder encoder = ENCODERS.computeIfAbsent(FILE, _ -> build());
        PromptTokenizer tokenizer =
                new PromptTokenizer(
                        T5Tokenizer.standard(),
                        PromptTokenizer.Layout.t5(encoder.shape().width(), 256),
                        Embeddings.NONE);
        HostTensor all =
                encoder.encode(
                        tokenizer.tokenize(recipe.path("prompt").asText()).getFirst(),
                        OptionalInt.empty());
        HostTensor actual = key.endsWith(".rows") ? rows(all, recipe.path("rows")) : all;
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

    private static T5Encoder build() {
        return TORCH.call(() -> {
            StateDict dict = StateDict.read(SyntheticModels.file("t5-reduced"));
            try (Weights weights = Weights.open(TORCH, dict, T5Encoder.heldAs(dict))) {
                return new T5Encoder(TORCH, weights, OWNER);
            }
        });
    }
}
