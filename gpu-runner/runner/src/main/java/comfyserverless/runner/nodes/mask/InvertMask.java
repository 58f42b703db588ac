package comfyserverless.runner.nodes.mask;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// The negative of a mask.
public final class InvertMask implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("InvertMask", "comfy_extras.nodes_mask")
                .category("mask")
                .required("mask", link("MASK"))
                .output("MASK")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Mask mask = in.mask("mask");
        float[] inverted = new float[mask.data().length];
        for (int i = 0; i < inverted.length; i++) {
            inverted[i] = 1f - mask.data()[i];
        }
        return Outputs.of(new Mask(inverted, mask.batch(), mask.height(), mask.width()));
    }
}
