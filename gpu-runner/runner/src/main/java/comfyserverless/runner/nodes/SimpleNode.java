package comfyserverless.runner.nodes;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// A node whose whole behaviour is one function of its inputs.
///
/// @param definition what it declares
/// @param function what it does
public record SimpleNode(NodeDefinition definition, Function function) implements Node {
    /// What a node does in one call.
    @FunctionalInterface
    public interface Function {
        Outputs apply(Inputs in, NodeContext context) throws Exception;
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) throws Exception {
        return function.apply(in, context);
    }
}
