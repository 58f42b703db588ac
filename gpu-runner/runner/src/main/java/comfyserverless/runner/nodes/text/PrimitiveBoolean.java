package comfyserverless.runner.nodes.text;

import comfyserverless.contract.node.InputOptions;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.util.Map;

/// A truth value.
public final class PrimitiveBoolean implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("PrimitiveBoolean", "comfy_extras.nodes_primitive")
                .displayed("Boolean")
                .category("utils/primitive")
                .required("value", new InputSpec.Flag(new InputOptions(Map.of(), true)))
                .output("BOOLEAN")
                .trait(Trait.NEWER_STYLE)
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        return Outputs.of(in.json("value"));
    }
}
