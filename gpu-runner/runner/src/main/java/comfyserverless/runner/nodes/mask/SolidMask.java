package comfyserverless.runner.nodes.mask;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.integer;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// A mask of one value.
public final class SolidMask implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("SolidMask", "comfy_extras.nodes_mask")
                .category("mask")
                .required("value", decimal(1).between(0, 1).step(0.01))
                .required("width", integer(512).between(1, 16384).step(1))
                .required("height", integer(512).between(1, 16384).step(1))
                .output("MASK")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        float value = (float) in.decimal("value");
        return Outputs.of(Mask.filled(1, in.integer("height"), in.integer("width"), value));
    }
}
