package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;

/// Mixes the numbers of two encoded prompts.
public final class ConditioningAverage implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ConditioningAverage", "nodes")
                .category("conditioning")
                .required("conditioning_to", link("CONDITIONING"))
                .required("conditioning_from", link("CONDITIONING"))
                .required("conditioning_to_strength", decimal(1).between(0, 1).step(0.01))
                .output("CONDITIONING")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Prompts to = in.handle("conditioning_to", Prompts.class);
        Prompts from = in.handle("conditioning_from", Prompts.class);
        if (from.all().isEmpty()) {
            throw new NodeException("IndexError", "conditioning_from holds no prompt");
        }
        Conditioning other = from.all().getFirst();
        double share = in.decimal("conditioning_to_strength");
        return Outputs.of(to.each(c -> mixed(c, other, share)).value());
    }

    private static Conditioning mixed(Conditioning to, Conditioning from, double share) {
        HostTensor pooled = to.pooled();
        HostTensor otherPooled = from.pooled();
        HostTensor mixedPooled =
                pooled == null || otherPooled == null
                        ? (pooled == null ? otherPooled : pooled)
                        : Encodings.mixed(pooled, otherPooled, share);
        return to.saying(Encodings.mixed(to.context(), from.context(), share), mixedPooled);
    }
}
