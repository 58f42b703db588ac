package comfyserverless.runner.nodes.text;

import static comfyserverless.contract.node.InputSpec.text;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// A text.
public final class PrimitiveString implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("PrimitiveString", "comfy_extras.nodes_primitive")
                .displayed("String")
                .category("utils/primitive")
                .required("value", text().with("multiline", false))
                .output("STRING")
                .trait(Trait.NEWER_STYLE)
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        return Outputs.of(in.json("value"));
    }
}
