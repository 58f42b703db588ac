package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.util.ArrayList;
import java.util.List;

/// Two prompts that apply together: what the network makes of each is averaged.
public final class ConditioningCombine implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ConditioningCombine", "nodes")
                .displayed("Conditioning (Combine)")
                .category("conditioning")
                .required("conditioning_1", link("CONDITIONING"))
                .required("conditioning_2", link("CONDITIONING"))
                .output("CONDITIONING")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        List<Conditioning> all = new ArrayList<>(in.handle("conditioning_1", Prompts.class).all());
        all.addAll(in.handle("conditioning_2", Prompts.class).all());
        return Outputs.of(new Prompts(all).value());
    }
}
