package comfyserverless.runner.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.conformance.Expected;
import comfyserverless.contract.conformance.Recordings;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.NodeInfo;
import comfyserverless.nodeapi.Node;
import java.util.List;
import java.util.stream.Stream;
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
                        default -> List.of();
                    };
                }

                @Override
                public List<String> inputs(List<String> kinds) {
                    return List.of("<files of the input directory>");
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
}
