package comfyserverless.runner.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/// One call of a core node: `Call.of("ImageCrop").with("image", picture).with("x", 3).run()`.
public record Call(Node node, Map<String, Value> inputs, NodeContext context) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static Call of(String className) {
        Node node =
                TestNodes.core().stream()
                        .filter(n -> n.definition().className().equals(className))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no node " + className));
        return new Call(node, Map.of(), new NoContext());
    }

    public Call in(NodeContext other) {
        return new Call(node, inputs, other);
    }

    /// Adds an input: a value, or plain data.
    public Call with(String name, Object value) {
        Map<String, Value> more = new LinkedHashMap<>(inputs);
        more.put(
                name,
                value instanceof Value given
                        ? given
                        : new Value.Json(JSON.<JsonNode>valueToTree(value)));
        return new Call(node, more, context);
    }

    public Outputs run() throws Exception {
        return node.run(new Inputs(inputs), context);
    }

    /// The first output.
    public Value first() throws Exception {
        return run().values().getFirst();
    }
}
