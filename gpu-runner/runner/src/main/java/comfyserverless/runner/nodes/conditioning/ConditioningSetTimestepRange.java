package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Lets a prompt apply during a part of sampling.
public final class ConditioningSetTimestepRange implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ConditioningSetTimestepRange", "nodes")
                .category("advanced/conditioning")
                .required("conditioning", link("CONDITIONING"))
                .required("start", decimal(0).between(0, 1).step(0.001))
                .required("end", decimal(1).between(0, 1).step(0.001))
                .output("CONDITIONING")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        double start = in.decimal("start");
        double end = in.decimal("end");
        Prompts prompts = in.handle("conditioning", Prompts.class);
        return Outputs.of(prompts.each(c -> c.between(start, end)).value());
    }
}
