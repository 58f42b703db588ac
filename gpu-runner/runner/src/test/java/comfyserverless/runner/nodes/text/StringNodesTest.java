package comfyserverless.runner.nodes.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.nodes.NoContext;
import comfyserverless.runner.nodes.TestNodes;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The text nodes give what Python gives; the cases were computed with Python 3.11.
class StringNodesTest {
    static Stream<JsonNode> cases() throws IOException {
        try (InputStream in = StringNodesTest.class.getResourceAsStream("/nodes/strings.json")) {
            ArrayNode all = (ArrayNode) Json.readStored(in.readAllBytes());
            return StreamSupport.stream(all.spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_text_node_gives_what_python_gives(JsonNode example) throws Exception {
        Map<String, Value> inputs = new LinkedHashMap<>();
        example.get("inputs")
                .properties()
                .forEach(e -> inputs.put(e.getKey(), new Value.Json(e.getValue())));
        Node node = node(example.get("node").textValue());
        if (example.has("error")) {
            assertThatThrownBy(() -> node.run(new Inputs(inputs), new NoContext()))
                    .isInstanceOf(comfyserverless.nodeapi.NodeException.class);
            return;
        }
        Value result = node.run(new Inputs(inputs), new NoContext()).values().getFirst();
        assertThat(((Value.Json) result).node()).isEqualTo(example.get("result"));
    }

    private static Node node(String name) {
        return TestNodes.core().stream()
                .filter(n -> n.definition().className().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
