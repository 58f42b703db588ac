package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.decimal;

import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;

/// Splits sampling into a part, what comes before it and what comes after it.
public final class ConditioningTimestepsRange implements Node {
    private static final String TYPE = "TIMESTEPS_RANGE";

    /// What a TIMESTEPS_RANGE socket carries: shares of sampling, from 0 to 1.
    public record Range(double start, double end) {
        Value value() {
            return new Value.Handle(TYPE, this);
        }
    }

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("ConditioningTimestepsRange", "comfy_extras.nodes_hooks")
                .displayed("Timesteps Range")
                .category("advanced/hooks")
                .required("start_percent", share(0))
                .required("end_percent", share(1))
                .output(TYPE)
                .output(TYPE, "BEFORE_RANGE")
                .output(TYPE, "AFTER_RANGE")
                .trait(Trait.EXPERIMENTAL)
                .build();
    }

    private static InputSpec share(double preset) {
        return decimal(preset).between(0, 1).step(0.001);
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        double start = in.decimal("start_percent");
        double end = in.decimal("end_percent");
        return Outputs.of(
                new Range(start, end).value(),
                new Range(0, start).value(),
                new Range(end, 1).value());
    }
}
