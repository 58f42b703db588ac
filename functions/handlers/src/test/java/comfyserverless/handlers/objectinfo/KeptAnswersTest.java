package comfyserverless.handlers.objectinfo;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.node.FolderLists;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class KeptAnswersTest {
    private final KeptAnswers answers = new KeptAnswers();
    private final List<String> models = new ArrayList<>(List.of("a.safetensors"));
    private final List<String> inputs = new ArrayList<>(List.of("a.png"));
    private int written;

    private final class Lists implements FolderLists {
        @Override
        public List<String> models(String folder) {
            return List.copyOf(models);
        }

        @Override
        public List<String> inputs(List<String> kinds) {
            return List.copyOf(inputs);
        }
    }

    private KeptAnswers.Encoded answer(String tenant, String digest) {
        return answers.answer(
                tenant,
                digest,
                new Lists(),
                lists -> {
                    written++;
                    String text =
                            digest + lists.models("checkpoints") + lists.inputs(List.of("image"));
                    return text.getBytes(StandardCharsets.UTF_8);
                });
    }

    private String shown(String tenant, String digest) {
        return new String(answer(tenant, digest).json(), StandardCharsets.UTF_8);
    }

    @Test
    void an_answer_is_written_once_while_nothing_in_it_changes() {
        String first = shown("t", "1");
        assertThat(shown("t", "1")).isEqualTo(first).isEqualTo("1[a.safetensors][a.png]");
        assertThat(written).isEqualTo(1);
    }

    @Test
    void other_nodes_and_every_change_of_a_list_show_at_once() {
        String etag = answer("t", "1").etag();
        assertThat(shown("t", "2")).startsWith("2");
        models.add("b.safetensors");
        assertThat(shown("t", "2")).isEqualTo("2[a.safetensors, b.safetensors][a.png]");
        inputs.clear();
        assertThat(shown("t", "2")).isEqualTo("2[a.safetensors, b.safetensors][]");
        assertThat(answer("t", "2").etag()).isNotEqualTo(etag);
        assertThat(written).isEqualTo(4);
    }

    @Test
    void tenants_have_answers_of_their_own() {
        assertThat(answer("t", "1")).isNotSameAs(answer("u", "1"));
        assertThat(written).isEqualTo(2);
    }

    @Test
    void both_encodings_say_the_same() throws IOException {
        KeptAnswers.Encoded answer = answer("t", "1");
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(answer.gzip()))) {
            assertThat(gzip.readAllBytes()).isEqualTo(answer.json());
        }
    }
}
