package comfyserverless.runner.claim;

import static comfyserverless.contract.node.InputSpec.text;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// An output node that fails in the way it is told.
final class PoisonNode implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("Poison", "test").required("how", text()).outputNode().build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) throws Exception {
        return switch (in.text("how")) {
            case "checked" -> throw new Exception("a checked exception");
            case "null" -> throw new IllegalStateException((String) null);
            case "memory" -> throw new OutOfMemoryError("no heap left");
            case "newer" -> throw new NoSuchMethodError("'void Image.newer()'");
            case "broken" -> throw new AssertionError("a broken promise");
            case "deep" -> deeper(in, context);
            default -> throw new IllegalArgumentException(in.text("how"));
        };
    }

    private Outputs deeper(Inputs in, NodeContext context) throws Exception {
        Outputs outputs = run(in, context);
        return outputs.values().isEmpty() ? outputs : Outputs.of();
    }
}
