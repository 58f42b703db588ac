package comfyserverless.runner.nodes.text;

import static comfyserverless.contract.node.InputSpec.link;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.PythonJson;
import comfyserverless.contract.json.PythonText;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.run.ValueText;

/// Shows any value as text.
public final class PreviewAny implements Node {
    /// What an empty list gives.
    private static final Value NOTHING = new Value.Json(NullNode.getInstance());

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("PreviewAny", "comfy_extras.nodes_preview_any")
                .displayed("Preview Any")
                .category("utils")
                .required("source", link("*").tooltip("What to show."))
                .outputNode()
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        ArrayNode shown = Json.mapper().createArrayNode();
        shown.add(shown(in.find("source").orElse(NOTHING)));
        return Outputs.shown("text", shown);
    }

    /// Plain values as Python prints them, lists and objects as JSON.
    private static String shown(Value value) {
        return ValueText.plain(value)
                .map(node -> node.isContainerNode() ? PythonJson.dumps(node) : PythonText.str(node))
                .orElseGet(() -> ValueText.of(value));
    }
}
