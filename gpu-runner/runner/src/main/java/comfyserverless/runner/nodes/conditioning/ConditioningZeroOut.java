package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Zeros in the place of an encoded prompt.
public final class ConditioningZeroOut implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ConditioningZeroOut", "nodes")
                .category("advanced/conditioning")
                .required("conditioning", link("CONDITIONING"))
                .output("CONDITIONING")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        return Outputs.of(
                in.handle("conditioning", Prompts.class).each(ConditioningZeroOut::zeroed).value());
    }

    private static Conditioning zeroed(Conditioning prompt) {
        HostTensor pooled = prompt.pooled();
        return prompt.saying(
                Encodings.zeros(prompt.context()), pooled == null ? null : Encodings.zeros(pooled));
    }
}
