package comfyserverless.diffusion.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromptTokenizerTest {

    @Test
    void an_empty_prompt_is_one_chunk_of_start_and_padding() {
        List<List<WeightedToken>> chunks = tokenizer(Embeddings.NONE).tokenize("");
        assertThat(chunks).hasSize(1);
        assertThat(chunks.getFirst()).hasSize(77);
        assertThat(chunks.getFirst().getFirst().token())
                .isEqualTo(new Token.Id(ClipTokenizer.START));
        assertThat(chunks.getFirst().subList(1, 77))
                .allMatch(token -> token.token().equals(new Token.Id(ClipTokenizer.END)));
    }

    @Test
    void embeddings_are_asked_for_by_name_encoder_and_width() {
        List<String> asked = new ArrayList<>();
        Embeddings embeddings =
                (name, encoder, width) -> {
                    asked.add(name + " " + encoder + " " + width);
                    return Optional.empty();
                };
        tokenizer(embeddings).tokenize("embedding:one, a embedding:two");
        assertThat(asked).containsExactly("one, clip_l 768", "one clip_l 768", "two clip_l 768");
    }

    @Test
    void an_embedding_without_a_name_is_left_out() {
        assertThat(tokenizer(Embeddings.NONE).tokenize("embedding:"))
                .isEqualTo(tokenizer(Embeddings.NONE).tokenize(""));
    }

    @Test
    void parentheses_may_nest_deep_but_not_without_end() {
        assertThat(PromptWeights.parse("(".repeat(800) + "a" + ")".repeat(800))).hasSize(1);
        assertThatThrownBy(() -> PromptWeights.parse("(".repeat(5000) + "a" + ")".repeat(5000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("900");
    }

    @Test
    void a_group_that_fits_into_a_chunk_of_its_own_is_never_cut() {
        String prompt = "word ".repeat(72) + "(one two three four five:1.2)";
        List<List<WeightedToken>> chunks = tokenizer(Embeddings.NONE).tokenize(prompt);
        assertThat(chunks).hasSize(2);
        assertThat(chunks.get(1).stream().filter(token -> token.weight() == 1.2)).hasSize(5);
    }

    private static PromptTokenizer tokenizer(Embeddings embeddings) {
        return new PromptTokenizer(
                ClipTokenizer.standard(), PromptTokenizer.Layout.clipL(768), embeddings);
    }
}
