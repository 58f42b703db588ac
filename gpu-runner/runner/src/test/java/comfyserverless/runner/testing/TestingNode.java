package comfyserverless.runner.testing;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node whose definition was recorded.
///
/// @param lazy which inputs it needs, or null if it has no lazy ones
/// @param mark its change mark, or null if it has none
record TestingNode(NodeDefinition definition, Body body, @Nullable Lazy lazy, @Nullable Mark mark)
        implements Node {
    @FunctionalInterface
    interface Body {
        Outputs run(Inputs in, NodeContext context) throws Exception;
    }

    @FunctionalInterface
    interface Lazy {
        List<String> needs(Inputs in);
    }

    @FunctionalInterface
    interface Mark {
        JsonNode of(Inputs literals);
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) throws Exception {
        return body.run(in, context);
    }

    @Override
    public boolean isLazy() {
        return lazy != null;
    }

    @Override
    public List<String> needs(Inputs inputs, NodeContext context) {
        return lazy == null ? List.of() : lazy.needs(inputs);
    }

    @Override
    public boolean marksChanges() {
        return mark != null;
    }

    @Override
    public JsonNode changeMark(Inputs literals, NodeContext context) {
        return mark == null
                ? com.fasterxml.jackson.databind.node.BooleanNode.FALSE
                : mark.of(literals);
    }
}
