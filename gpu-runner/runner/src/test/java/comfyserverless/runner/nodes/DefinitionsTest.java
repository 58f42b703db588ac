package comfyserverless.runner.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.conformance.Expected;
import comfyserverless.contract.conformance.Recordings;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.NodeInfo;
import comfyserverless.nodeapi.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every node declares what the real server's class of that name declares.
class DefinitionsTest {
    private static final JsonNode RECORDED = Recordings.data("object_info.json");

    /// What lay in the folders of the recorded server.
    private static final FolderLists LISTS =
            new FolderLists() {
                @Override
                public List<String> models(String folder) {
                    return switch (folder) {
                        case "checkpoints" ->
                                List.of(
                                        "bigheader.safetensors",
                                        "dummy-a.safetensors",
                                        "dummy-c.ckpt",
                                        "sub/dummy-b.safetensors");
                        case "loras" -> List.of("dummy-lora.safetensors");
                        case "vae" -> List.of("dummy-vae.safetensors");
                        default -> List.of();
                    };
                }

                @Override
                public List<String> inputs(List<String> kinds) {
                    return kinds.isEmpty() || kinds.contains("image")
                            ? List.of("<files of the input directory>")
                            : List.of();
                }
            };

    static Stream<NodeDefinition> definitions() {
        return TestNodes.core().stream().map(Node::definition);
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void a_definition_is_the_recorded_one(NodeDefinition definition) {
        JsonNode recorded = RECORDED.get(definition.className());
        assertThat(recorded).as("ComfyUI has a class " + definition.className()).isNotNull();
        JsonNode written = Recordings.facts(NodeInfo.write(definition, LISTS));
        assertThat(Expected.difference(recorded, written)).isEmpty();
    }

    /// `missing.txt` names the classes of the recorded server that are not there yet; it only gets shorter.
    @Test
    void the_list_of_missing_nodes_is_up_to_date() throws IOException {
        Set<String> missing = new TreeSet<>();
        RECORDED.fieldNames().forEachRemaining(missing::add);
        definitions().map(NodeDefinition::className).forEach(missing::remove);
        try (InputStream in = DefinitionsTest.class.getResourceAsStream("/nodes/missing.txt")) {
            List<String> listed =
                    new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            missing.removeIf(name -> isForeign(RECORDED.get(name)));
            assertThat(missing).containsExactlyElementsOf(listed);
        }
    }

    /// Nodes of paid services and of the recorded server's own test suite are none of ours.
    private static boolean isForeign(JsonNode recorded) {
        return recorded.path("python_module").asText().contains("comfy_api_nodes")
                || recorded.path("category").asText().startsWith("api node")
                || recorded.path("python_module").asText().equals("custom_nodes.testing-pack");
    }
}
