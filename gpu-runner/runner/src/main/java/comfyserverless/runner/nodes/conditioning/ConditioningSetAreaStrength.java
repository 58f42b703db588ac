package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Changes how much a prompt counts where it applies.
public final class ConditioningSetAreaStrength implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ConditioningSetAreaStrength", "nodes")
                .category("conditioning")
                .required("conditioning", link("CONDITIONING"))
                .required("strength", decimal(1).between(0, 10).step(0.01))
                .output("CONDITIONING")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        double strength = in.decimal("strength");
        Prompts prompts = in.handle("conditioning", Prompts.class);
        return Outputs.of(prompts.each(c -> c.withStrength(strength)).value());
    }
}
