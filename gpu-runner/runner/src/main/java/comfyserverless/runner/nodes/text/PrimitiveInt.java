package comfyserverless.runner.nodes.text;

import comfyserverless.contract.node.InputOptions;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// A whole number.
public final class PrimitiveInt implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("PrimitiveInt", "comfy_extras.nodes_primitive")
                .displayed("Int")
                .category("utils/primitive")
                .required(
                        "value",
                        new InputSpec.Int(InputOptions.NONE)
                                .between(-Long.MAX_VALUE, Long.MAX_VALUE)
                                .with("control_after_generate", true))
                .output("INT")
                .trait(Trait.NEWER_STYLE)
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        return Outputs.of(in.json("value"));
    }
}
