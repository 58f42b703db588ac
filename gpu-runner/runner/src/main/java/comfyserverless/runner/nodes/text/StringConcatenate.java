package comfyserverless.runner.nodes.text;

import static comfyserverless.contract.node.InputSpec.text;

import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Two texts with something between them.
public final class StringConcatenate implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("StringConcatenate", "comfy_extras.nodes_string")
                .displayed("Concatenate")
                .category("utils/string")
                .required("string_a", text().multiline())
                .required("string_b", text().multiline())
                .required("delimiter", text().preset("").with("multiline", false))
                .output("STRING")
                .trait(Trait.NEWER_STYLE)
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        return Outputs.of(
                TextNode.valueOf(in.text("string_a") + in.text("delimiter") + in.text("string_b")));
    }
}
