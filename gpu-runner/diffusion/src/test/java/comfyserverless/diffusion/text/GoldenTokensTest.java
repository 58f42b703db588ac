package comfyserverless.diffusion.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.goldens.Goldens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Prompts become the tokens, weights and chunks that ComfyUI makes of them.
class GoldenTokensTest {

    private static final String TOKENS = "tokens/tokens";
    private static final String WEIGHTS = "tokens/weight_parse";

    /// The tokenizers of the file.
    private static final Map<String, PromptTokenizer.Layout> LAYOUTS = new LinkedHashMap<>();

    static {
        LAYOUTS.put("sd1.l", PromptTokenizer.Layout.clipL(768));
        LAYOUTS.put("sdxl.l", PromptTokenizer.Layout.clipL(768));
        LAYOUTS.put("sdxl.g", PromptTokenizer.Layout.clipG(1280));
        LAYOUTS.put("sd2.h", PromptTokenizer.Layout.clipH(1024));
        LAYOUTS.put("flux.t5xxl", PromptTokenizer.Layout.t5(4096, 256));
        LAYOUTS.put("sd3.t5xxl", PromptTokenizer.Layout.t5(4096, 77));
    }

    @TestFactory
    Stream<DynamicTest> prompts_are_cut_into_the_recorded_tokens() {
        return prompts(TOKENS, "prompts").flatMap(GoldenTokensTest::tokenizers);
    }

    @TestFactory
    Stream<DynamicTest> parentheses_weigh_text_as_recorded() {
        return Goldens.json(WEIGHTS).stream()
                .flatMap(GoldenTokensTest::elements)
                .filter(entry -> Goldens.includes(WEIGHTS, entry.path("text").asText()))
                .map(entry ->
                        DynamicTest.dynamicTest(
                                entry.path("text").toString(), () -> checkWeights(entry)));
    }

    private static Stream<JsonNode> prompts(String file, String field) {
        return Goldens.json(file).stream()
                .flatMap(root -> elements(root.path(field)))
                .filter(entry -> Goldens.includes(file, entry.path("prompt").asText()));
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static Stream<DynamicTest> tokenizers(JsonNode entry) {
        String prompt = entry.path("prompt").asText();
        return entry.path("tok").properties().stream()
                .map(tokenizer ->
                        DynamicTest.dynamicTest(
                                tokenizer.getKey() + " " + entry.path("prompt"),
                                () ->
                                        checkTokens(
                                                tokenizer.getKey(), prompt, tokenizer.getValue())));
    }

    private static void checkTokens(String tokenizer, String prompt, JsonNode recorded) {
        PromptTokenizer.Layout layout = LAYOUTS.get(tokenizer);
        if (layout == null) {
            throw new AssertionError("no tokenizer " + tokenizer);
        }
        List<List<String>> chunks =
                new PromptTokenizer(vocabulary(layout), layout, GoldenTokensTest::embedding)
                        .tokenize(prompt).stream()
                                .map(chunk -> chunk.stream().map(GoldenTokensTest::show).toList())
                                .toList();
        assertThat(chunks)
                .isEqualTo(elements(recorded).map(GoldenTokensTest::recordedChunk).toList());
    }

    private static Tokenizer vocabulary(PromptTokenizer.Layout layout) {
        return layout.encoder().equals("t5xxl") ? T5Tokenizer.standard() : ClipTokenizer.standard();
    }

    private static void checkWeights(JsonNode entry) {
        List<PromptWeights.Segment> recorded =
                elements(entry.path("segments"))
                        .map(s -> new PromptWeights.Segment(s.get(0).asText(), number(s.get(1))))
                        .toList();
        assertThat(PromptWeights.parseEscaped(entry.path("text").asText())).isEqualTo(recorded);
    }

    /// The file's one textual inversion: three vectors, told apart by their only number.
    private static Optional<float[][]> embedding(String name, String encoder, int width) {
        return name.equals("tiembed") || name.equals("tiembed.safetensors")
                ? Optional.of(new float[][] {{0}, {1}, {2}})
                : Optional.empty();
    }

    private static String show(WeightedToken token) {
        String what =
                switch (token.token()) {
                    case Token.Id(int id) -> String.valueOf(id);
                    case Token.Vector(float[] values) -> "E" + (int) values[0];
                };
        return what + " " + token.weight() + " " + token.word();
    }

    /// `["*", n, id, weight, word]` stands for n times the same.
    private static List<String> recordedChunk(JsonNode chunk) {
        List<String> tokens = new ArrayList<>();
        for (JsonNode token : chunk) {
            boolean repeated = token.get(0).asText().equals("*");
            int at = repeated ? 2 : 0;
            String text =
                    token.get(at).asText()
                            + " "
                            + number(token.get(at + 1))
                            + " "
                            + token.get(at + 2).asInt();
            String[] copies = new String[repeated ? token.get(1).asInt() : 1];
            Arrays.fill(copies, text);
            tokens.addAll(List.of(copies));
        }
        return tokens;
    }

    private static double number(JsonNode value) {
        return switch (value.asText()) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> value.asDouble();
        };
    }
}
