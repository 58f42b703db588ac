package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.sampling.Region;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Lets a prompt apply to a rectangle of the picture, in pixels.
public final class ConditioningSetArea implements Node {
    private static final int CELL = 8;

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ConditioningSetArea", "nodes")
                .displayed("Conditioning (Set Area)")
                .category("conditioning")
                .required("conditioning", link("CONDITIONING"))
                .required("width", integer(64).between(64, 16384).step(8))
                .required("height", integer(64).between(64, 16384).step(8))
                .required("x", integer(0).between(0, 16384).step(8))
                .required("y", integer(0).between(0, 16384).step(8))
                .required("strength", decimal(1).between(0, 10).step(0.01))
                .output("CONDITIONING")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Region.Area area =
                new Region.Area.Cells(
                        in.integer("height") / CELL,
                        in.integer("width") / CELL,
                        in.integer("y") / CELL,
                        in.integer("x") / CELL);
        double strength = in.decimal("strength");
        Prompts prompts = in.handle("conditioning", Prompts.class);
        return Outputs.of(
                prompts.each(c -> c.in(Placement.at(c, area)).withStrength(strength)).value());
    }
}
