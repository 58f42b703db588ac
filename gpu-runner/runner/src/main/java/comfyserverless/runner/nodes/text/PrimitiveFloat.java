package comfyserverless.runner.nodes.text;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import comfyserverless.contract.node.InputOptions;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// A number.
public final class PrimitiveFloat implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("PrimitiveFloat", "comfy_extras.nodes_primitive")
                .displayed("Float")
                .category("utils/primitive")
                .required(
                        "value",
                        new InputSpec.Decimal(InputOptions.NONE)
                                .with("min", LongNode.valueOf(-Long.MAX_VALUE))
                                .with("max", LongNode.valueOf(Long.MAX_VALUE)))
                .output("FLOAT")
                .trait(Trait.NEWER_STYLE)
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        return Outputs.of(DoubleNode.valueOf(in.decimal("value")));
    }
}
