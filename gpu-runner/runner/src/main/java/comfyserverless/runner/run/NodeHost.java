package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.prompt.NodeValidator;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.util.List;
import java.util.Optional;

/// Where nodes run. The engine knows their definitions and hands values through; a host may be this
/// process or another.
public interface NodeHost {
    Optional<NodeDefinition> find(String className);

    /// The definition of a class; throws an [IllegalArgumentException] for an unknown one.
    NodeDefinition definition(String className);

    /// The class's own validation, if its pack has one.
    Optional<NodeValidator> validator(String className);

    boolean marksChanges(String className);

    JsonNode changeMark(String className, Inputs literals, NodeContext context) throws Exception;

    boolean isLazy(String className);

    /// Whether it takes inputs that its definition does not name.
    boolean takesUndeclared(String className);

    /// Whether it mostly waits and runs beside other nodes.
    boolean isAsynchronous(String className);

    List<String> needs(String className, Inputs inputs, NodeContext context) throws Exception;

    Outputs run(String className, Inputs inputs, NodeContext context) throws Exception;
}
