package comfyserverless.contract.node;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.inputFile;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.modelFile;
import static comfyserverless.contract.node.InputSpec.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.conformance.Expected;
import comfyserverless.contract.conformance.Recordings;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogueTest {
    private static final NodeDefinition SAMPLER =
            NodeDefinition.of("KSampler", "nodes")
                    .displayed("KSampler")
                    .category("sampling")
                    .required("model", link("MODEL").tooltip("What denoises."))
                    .required(
                            "seed",
                            integer(0)
                                    .between(
                                            BigInteger.ZERO, new BigInteger("18446744073709551615"))
                                    .with("control_after_generate", true))
                    .required("cfg", decimal(8.0).between(0, 100).step(0.1).round(0.01))
                    .required("sampler_name", choice("euler", "ddim").tooltip("The method."))
                    .required("text", text().multiline().dynamicPrompts())
                    .optional("image", link("IMAGE"))
                    .hidden("prompt", Hidden.PROMPT)
                    .output("LATENT")
                    .trait(Trait.EXPERIMENTAL)
                    .trait(Trait.INPUT_IS_LIST)
                    .build();
    private static final NodeDefinition LOADER =
            NodeDefinition.of("Loader", "nodes")
                    .required("ckpt", modelFile("checkpoints"))
                    .required("image", inputFile("image").with("image_upload", true))
                    .output(new Output("MODEL", "model", true, "The model."))
                    .outputNode()
                    .build();

    static Stream<String> recorded() {
        return Stream.of("object_info.json", "object_info-testing-nodes.json");
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void every_recorded_class_is_read_and_written_again_without_loss(String file) {
        JsonNode recorded = Recordings.data(file);
        JsonNode written = Catalogue.of(recorded).objectInfo(FolderLists.empty());
        assertThat(written.size()).isEqualTo(recorded.size());
        for (Map.Entry<String, JsonNode> entry : recorded.properties()) {
            assertThat(
                            Expected.difference(
                                    withoutEmptyOptional(entry.getValue()),
                                    Recordings.facts(written.path(entry.getKey()))))
                    .as(entry.getKey())
                    .isEmpty();
        }
    }

    /// Four classes declare an empty section, which says nothing.
    private static JsonNode withoutEmptyOptional(JsonNode node) {
        if (node.path("input").path("optional").isEmpty()) {
            ((ObjectNode) node.path("input")).remove("optional");
            ((ObjectNode) node.path("input_order")).remove("optional");
        }
        return node;
    }

    @Test
    void a_definition_prints_as_object_info_does() {
        JsonNode json = NodeInfo.write(SAMPLER, FolderLists.empty());
        assertThat(json.at("/input/required/model").toString())
                .isEqualTo("[\"MODEL\",{\"tooltip\":\"What denoises.\"}]");
        assertThat(json.at("/input/required/seed").toString())
                .isEqualTo(
                        "[\"INT\",{\"default\":0,\"min\":0,\"max\":18446744073709551615,"
                                + "\"control_after_generate\":true}]");
        assertThat(json.at("/input/required/cfg").toString())
                .isEqualTo(
                        "[\"FLOAT\",{\"default\":8.0,\"min\":0.0,\"max\":100.0,\"step\":0.1,"
                                + "\"round\":0.01}]");
        assertThat(json.at("/input/required/sampler_name").toString())
                .isEqualTo("[[\"euler\",\"ddim\"],{\"tooltip\":\"The method.\"}]");
        assertThat(json.at("/input/optional/image").toString()).isEqualTo("[\"IMAGE\"]");
        assertThat(json.at("/input/hidden/prompt").asText()).isEqualTo("PROMPT");
        assertThat(json.at("/input_order/required").toString())
                .isEqualTo("[\"model\",\"seed\",\"cfg\",\"sampler_name\",\"text\"]");
        assertThat(json.path("experimental").asBoolean()).isTrue();
        assertThat(json.has("deprecated")).isFalse();
        assertThat(json.path("output_node").asBoolean()).isFalse();
    }

    @Test
    void a_published_catalogue_reads_back_equal_with_live_lists() {
        Catalogue catalogue = Catalogue.of(List.of(SAMPLER, LOADER));
        Catalogue back = Catalogue.read(catalogue.gzip());
        assertThat(back.digest()).isEqualTo(catalogue.digest());
        assertThat(back.find("KSampler").orElseThrow().is(Trait.INPUT_IS_LIST)).isTrue();
        FolderLists lists =
                new FolderLists() {
                    @Override
                    public List<String> models(String folder) {
                        return List.of(folder + "-a.safetensors");
                    }

                    @Override
                    public List<String> inputs(List<String> kinds) {
                        return List.of(kinds.getFirst() + ".png");
                    }
                };
        assertThat(back.objectInfo(lists)).hasToString(catalogue.objectInfo(lists).toString());
        assertThat(back.objectInfo(lists).at("/Loader/input/required/ckpt").toString())
                .isEqualTo("[[\"checkpoints-a.safetensors\"]]");
        assertThat(back.followsFiles("Loader")).isTrue();
        assertThat(back.followsFiles("KSampler")).isFalse();
    }

    @Test
    void what_a_class_validates_itself_is_published() {
        Map<String, OwnValidation> own =
                Map.of("Loader", new OwnValidation(Set.of("ckpt", "a"), false, true));
        Catalogue catalogue = Catalogue.of(List.of(SAMPLER, LOADER)).validating(own);
        Catalogue back = Catalogue.read(catalogue.gzip());
        assertThat(back.validated()).isEqualTo(own);
        assertThat(back.digest())
                .isEqualTo(catalogue.digest())
                .isNotEqualTo(Catalogue.of(List.of(SAMPLER, LOADER)).digest());
        assertThat(back.objectInfo(FolderLists.empty()).toString()).doesNotContain("_validated");
    }

    @Test
    void a_choice_of_the_newer_style_is_printed_by_name() {
        NodeDefinition node =
                NodeDefinition.of("StringCompare", "comfy_extras.nodes_string")
                        .required("mode", choice("Equal", "Starts With"))
                        .optional("image", link("IMAGE"))
                        .trait(Trait.NEWER_STYLE)
                        .build();
        JsonNode json = NodeInfo.write(node, FolderLists.empty());
        assertThat(json.at("/input/required/mode").toString())
                .isEqualTo(
                        "[\"COMBO\",{\"multiselect\":false,\"options\":[\"Equal\",\"Starts With\"]}]");
        assertThat(json.at("/input/optional/image").toString()).isEqualTo("[\"IMAGE\",{}]");
        assertThat(json.path("deprecated").isBoolean()).isTrue();
    }

    @Test
    void two_classes_of_one_name_are_refused() {
        assertThatThrownBy(() -> Catalogue.of(List.of(LOADER, LOADER)))
                .hasMessage("two node classes are named Loader");
    }
}
