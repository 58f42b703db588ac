package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.sampling.Region;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Lets a prompt apply to a rectangle of the picture, in shares of its size.
public final class ConditioningSetAreaPercentage implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ConditioningSetAreaPercentage", "nodes")
                .displayed("Conditioning (Set Area with Percentage)")
                .category("conditioning")
                .required("conditioning", link("CONDITIONING"))
                .required("width", share(1))
                .required("height", share(1))
                .required("x", share(0))
                .required("y", share(0))
                .required("strength", decimal(1).between(0, 10).step(0.01))
                .output("CONDITIONING")
                .build();
    }

    private static InputSpec share(double preset) {
        return decimal(preset).between(0, 1).step(0.01);
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Region.Area area =
                new Region.Area.Shares(
                        in.decimal("height"),
                        in.decimal("width"),
                        in.decimal("y"),
                        in.decimal("x"));
        double strength = in.decimal("strength");
        Prompts prompts = in.handle("conditioning", Prompts.class);
        return Outputs.of(
                prompts.each(c -> c.in(Placement.at(c, area)).withStrength(strength)).value());
    }
}
