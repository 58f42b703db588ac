package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Lets a prompt apply where a mask is.
public final class ConditioningSetMask implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ConditioningSetMask", "nodes")
                .displayed("Conditioning (Set Mask)")
                .category("conditioning")
                .required("conditioning", link("CONDITIONING"))
                .required("mask", link("MASK"))
                .required("strength", decimal(1).between(0, 10).step(0.01))
                .required("set_cond_area", choice("default", "mask bounds"))
                .output("CONDITIONING")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Mask given = in.mask("mask");
        HostTensor mask =
                new HostTensor(given.data(), given.batch(), given.height(), given.width());
        double strength = in.decimal("strength");
        boolean bounds = !in.text("set_cond_area").equals("default");
        Prompts prompts = in.handle("conditioning", Prompts.class);
        return Outputs.of(
                prompts.each(c -> c.in(Placement.masked(c, mask, strength, bounds))).value());
    }
}
