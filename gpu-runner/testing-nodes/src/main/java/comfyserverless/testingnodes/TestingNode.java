package comfyserverless.testingnodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
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
/// @param isAsynchronous whether it mostly waits
/// @param takesUndeclared whether it takes inputs that the definition does not name
record TestingNode(
        NodeDefinition definition,
        Body body,
        @Nullable Lazy lazy,
        @Nullable Mark mark,
        boolean isAsynchronous,
        boolean takesUndeclared)
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

    static TestingNode of(String className, Body body) {
        return new TestingNode(TestingPack.definition(className), body, null, null, false, false);
    }

    TestingNode lazy(Lazy needs) {
        return new TestingNode(definition, body, needs, mark, isAsynchronous, takesUndeclared);
    }

    TestingNode marked(Mark changes) {
        return new TestingNode(definition, body, lazy, changes, isAsynchronous, takesUndeclared);
    }

    TestingNode asynchronous() {
        return new TestingNode(definition, body, lazy, mark, true, takesUndeclared);
    }

    TestingNode variadic() {
        return new TestingNode(definition, body, lazy, mark, isAsynchronous, true);
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
        return mark == null ? BooleanNode.FALSE : mark.of(literals);
    }
}
