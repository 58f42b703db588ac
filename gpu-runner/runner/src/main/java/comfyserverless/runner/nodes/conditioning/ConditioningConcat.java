package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;

/// Puts the tokens of one prompt behind those of another.
public final class ConditioningConcat implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ConditioningConcat", "nodes")
                .displayed("Conditioning (Concat)")
                .category("conditioning")
                .required("conditioning_to", link("CONDITIONING"))
                .required("conditioning_from", link("CONDITIONING"))
                .output("CONDITIONING")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Prompts from = in.handle("conditioning_from", Prompts.class);
        if (from.all().isEmpty()) {
            throw new NodeException("IndexError", "conditioning_from holds no prompt");
        }
        Conditioning tail = from.all().getFirst();
        Prompts to = in.handle("conditioning_to", Prompts.class);
        return Outputs.of(
                to.each(c -> c.saying(Encodings.joined(c.context(), tail.context()), c.pooled()))
                        .value());
    }
}
