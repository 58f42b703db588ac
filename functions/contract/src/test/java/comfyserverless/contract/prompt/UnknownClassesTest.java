package comfyserverless.contract.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.contract.node.NodeDefinition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnknownClassesTest {
    private static final Catalogue CATALOGUE =
            Catalogue.of(
                    List.of(
                            node("KSampler", "KSampler"),
                            node("KSamplerAdvanced", "KSampler (Advanced)"),
                            node("LoadImage", "Load Image"),
                            node("ImageScale", "Upscale Image"),
                            node("MaskToImage", "Convert Mask to Image")));

    private static NodeDefinition node(String name, String shown) {
        return NodeDefinition.of(name, "nodes").displayed(shown).outputNode().build();
    }

    private static PromptError error(String prompt) {
        PromptRequest request =
                PromptRequest.read(
                        ("{\"prompt\":" + prompt + "}").getBytes(StandardCharsets.UTF_8));
        Validation found =
                new PromptValidator(CATALOGUE, _ -> Optional.empty())
                        .validate(
                                request,
                                new PromptValidator.Surroundings(FolderLists.empty(), _ -> false));
        return ((Validation.Invalid) found).error();
    }

    private static JsonNode unknown(String prompt) {
        return error(prompt).extraInfo().path("description");
    }

    private static List<String> nearest(String className) {
        return unknown("{\"1\":{\"class_type\":\"" + className + "\",\"inputs\":{}}}")
                .get(0)
                .path("nearest")
                .valueStream()
                .map(name -> name.path("class_type").asText())
                .toList();
    }

    @Test
    void every_unknown_class_is_listed_with_its_nodes_and_the_first_is_the_error() {
        PromptError error =
                error(
                        """
                        {"3": {"class_type": "Glow", "inputs": {}, "_meta": {"title": "My glow"}},
                         "1": {"class_type": "LoadImage", "inputs": {}},
                         "4": {"class_type": "Blur", "inputs": {}},
                         "5": {"class_type": "Glow", "inputs": {}}}\
                        """);
        assertThat(error.message()).isEqualTo("Cannot execute because node Glow does not exist.");
        assertThat(error.details()).isEqualTo("Node ID '#3'");
        JsonNode all = error.extraInfo().path("description");
        assertThat(all)
                .extracting(c -> c.path("class_type").asText())
                .containsExactly("Glow", "Blur");
        assertThat(all.get(0).path("nodes").toString())
                .isEqualTo("[{\"node_id\":\"3\",\"title\":\"My glow\"},{\"node_id\":\"5\"}]");
    }

    @Test
    void misspelt_names_swapped_words_and_shown_names_are_near() {
        assertThat(nearest("KSampelr")).first().isEqualTo("KSampler");
        assertThat(nearest("ksampler_advanced")).first().isEqualTo("KSamplerAdvanced");
        assertThat(nearest("ImageLoad")).first().isEqualTo("LoadImage");
        assertThat(nearest("ImageUpscale")).first().isEqualTo("ImageScale");
        assertThat(nearest("ImageToMask")).contains("MaskToImage");
        assertThat(nearest("WaveletDenoise")).isEmpty();
    }

    @Test
    void it_says_whether_ComfyUI_has_the_class() {
        assertThat(what("FluxGuidance")).contains("comfy_extras.nodes_flux", "not have yet");
        assertThat(what("OpenAIDalle3")).contains("comfy_api_nodes.nodes_openai", "service");
        assertThat(what("Wav2LipPlus")).contains("pack");
    }

    private static String what(String className) {
        return unknown("{\"1\":{\"class_type\":\"" + className + "\",\"inputs\":{}}}")
                .get(0)
                .path("what")
                .asText();
    }

    @Test
    void a_class_type_that_is_no_text_is_said_to_be_none() {
        assertThat(unknown("{\"1\":{\"class_type\":7,\"inputs\":{}}}").get(0).path("what").asText())
                .isEqualTo("class_type must be a text, it is of type int");
    }

    @Test
    void a_thousand_unknown_classes_are_all_listed_some_by_name_alone() {
        StringBuilder prompt = new StringBuilder("{");
        for (int i = 0; i < 1000; i++) {
            prompt.append(i == 0 ? "" : ",")
                    .append("\"%d\":{\"class_type\":\"No%d\",\"inputs\":{}}".formatted(i, i));
        }
        JsonNode all = unknown(prompt.append("}").toString());
        assertThat(all).hasSize(1000);
        assertThat(all.get(999).path("class_type").asText()).isEqualTo("No999");
    }

    @Test
    void swapped_neighbours_are_one_edit() {
        assertThat(NearNames.edits("sampler", "sampelr")).isEqualTo(1);
        assertThat(NearNames.edits("", "abc")).isEqualTo(3);
        assertThat(NearNames.edits("kitten", "sitting")).isEqualTo(3);
    }
}
