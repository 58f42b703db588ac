package comfyserverless.nodeapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import comfyserverless.contract.node.NodeDefinition;
import java.util.List;

/// A node class: its definition and what it does. One instance serves all runs and threads: state belongs
/// into values.
public interface Node {
    NodeDefinition definition();

    /// What a node does.
    @FunctionalInterface
    interface Work {
        Outputs run(Inputs inputs, NodeContext context) throws Exception;
    }

    /// A node that only computes: no change mark, no lazy inputs.
    static Node of(NodeDefinition definition, Work work) {
        return new Node() {
            @Override
            public NodeDefinition definition() {
                return definition;
            }

            @Override
            public Outputs run(Inputs inputs, NodeContext context) throws Exception {
                return work.run(inputs, context);
            }
        };
    }

    /// Runs once for each item of the inputs (or once for the whole lists, by its traits).
    Outputs run(Inputs inputs, NodeContext context) throws Exception;

    /// What besides the inputs decides whether an earlier result still holds (a file's hash); NaN for
    /// never. Only literal inputs are given.
    default JsonNode changeMark(Inputs literals, NodeContext context) throws Exception {
        return BooleanNode.FALSE;
    }

    /// Whether [#changeMark] is to be asked.
    default boolean marksChanges() {
        return false;
    }

    /// Of its lazy inputs, those it needs now; inputs that are not there yet are missing.
    default List<String> needs(Inputs inputs, NodeContext context) throws Exception {
        return List.of();
    }

    /// Whether [#needs] is to be asked.
    default boolean isLazy() {
        return false;
    }

    /// Whether it takes inputs that its definition does not name; links to such inputs fail with any other
    /// node, plain values are left out.
    default boolean takesUndeclared() {
        return false;
    }

    /// Whether it mostly waits (for a service, a clock, a person): it runs on a thread of its own while
    /// other nodes go on, and a list input's items run side by side. Such a node must not compute on the
    /// device.
    default boolean isAsynchronous() {
        return false;
    }
}
