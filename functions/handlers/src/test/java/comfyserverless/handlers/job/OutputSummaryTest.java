package comfyserverless.handlers.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputSummaryTest {
    private static OutputSummary of(String outputs) {
        return OutputSummary.of((ObjectNode) Json.read(outputs));
    }

    private static ObjectNode preview(OutputSummary summary) {
        return Objects.requireNonNull(summary.preview());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{'1':{'images':[{'filename':'a.png','type':'temp'}]}} | 1 | 1 | a.png",
                "{'1':{'images':[{'filename':'a.png','type':'temp'}]},'2':{'images':[{'filename':'b.png','type':'output'}]}} | 2 | 2 | b.png",
                "{'1':{'latents':[{'filename':'a.latent','type':'output'}]},'2':{'images':[{'filename':'b.png','type':'temp'}]}} | 2 | 1 | b.png",
                "{'1':{'files':[{'filename':'a.txt','type':'output'}]},'2':{'images':[{'filename':'b.png','type':'temp'}]}} | 2 | 2 | b.png",
                "{'1':{'files':[{'filename':'a.txt','type':'output'}]}} | 1 | 1 | a.txt",
                "{'1':{'gifs':[{'filename':'a.mp4','format':'video/h264-mp4','type':'output'}]}} | 1 | 1 | a.mp4",
                "{'1':{'result':['mesh.GLB',null]}} | 1 | 1 | mesh.GLB",
                "{'1':{'images':[{'filename':'a.webp','type':'output'}],'animated':[true]}} | 1 | 1 | a.webp",
            })
    void counts_outputs_and_shows_the_best(
            String outputs, int count, int previewable, String shown) {
        OutputSummary summary = of(outputs.replace('\'', '"'));
        assertThat(summary.count()).isEqualTo(count);
        assertThat(summary.previewable()).isEqualTo(previewable);
        assertThat(preview(summary).path("filename").asText()).isEqualTo(shown);
    }

    @Test
    void a_text_is_shown_where_nothing_else_is_and_counts_for_nothing() {
        OutputSummary summary = of("{\"1\":{\"text\":[\"hello\"]}}");
        assertThat(summary.count()).isZero();
        assertThat(summary.previewable()).isZero();
        assertThat(preview(summary))
                .isEqualTo(
                        Json.read(
                                "{\"content\":\"hello\",\"nodeId\":\"1\",\"mediaType\":\"text\"}"));
    }

    @Test
    void a_long_text_is_cut_and_says_so() {
        OutputSummary summary = of("{\"1\":{\"text\":[\"" + "x".repeat(1025) + "\"]}}");
        assertThat(preview(summary).path("content").asText()).hasSize(1024);
        assertThat(preview(summary).path("truncated").asBoolean()).isTrue();
    }
}
