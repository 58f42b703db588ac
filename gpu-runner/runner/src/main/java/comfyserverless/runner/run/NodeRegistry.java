package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.NodeDefinitions;
import comfyserverless.contract.prompt.NodeValidator;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The nodes of this process by class name, in the order in which /object_info lists them.
public final class NodeRegistry implements NodeHost, NodeDefinitions {
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, NodeDefinition> definitions = new LinkedHashMap<>();

    private final Function<String, Optional<NodeValidator>> validators;

    public NodeRegistry(Collection<? extends Node> all) {
        this(all, _ -> Optional.empty());
    }

    /// Nodes of which some validate inputs themselves.
    ///
    /// @param validators by class name
    public NodeRegistry(
            Collection<? extends Node> all, Function<String, Optional<NodeValidator>> validators) {
        this.validators = validators;
        for (Node node : all) {
            NodeDefinition definition = node.definition();
            if (nodes.put(definition.className(), node) != null) {
                throw new IllegalArgumentException("two nodes are named " + definition.className());
            }
            definitions.put(definition.className(), definition);
        }
    }

    @Override
    public Collection<NodeDefinition> all() {
        return definitions.values();
    }

    @Override
    public Optional<NodeDefinition> find(String className) {
        return Optional.ofNullable(definitions.get(className));
    }

    @Override
    public NodeDefinition definition(String className) {
        return find(className)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "this runner has no node class \"" + className + "\""));
    }

    @Override
    public Optional<NodeValidator> validator(String className) {
        return validators.apply(className);
    }

    private Node node(String className) {
        Node node = nodes.get(className);
        if (node == null) {
            throw new IllegalArgumentException(
                    "this runner has no node class \"" + className + "\"");
        }
        return node;
    }

    @Override
    public boolean marksChanges(String className) {
        return node(className).marksChanges();
    }

    @Override
    public JsonNode changeMark(String className, Inputs literals, NodeContext context)
            throws Exception {
        return node(className).changeMark(literals, context);
    }

    @Override
    public boolean isLazy(String className) {
        return node(className).isLazy();
    }

    @Override
    public boolean takesUndeclared(String className) {
        return node(className).takesUndeclared();
    }

    @Override
    public boolean isAsynchronous(String className) {
        return node(className).isAsynchronous();
    }

    @Override
    public List<String> needs(String className, Inputs inputs, NodeContext context)
            throws Exception {
        return node(className).needs(inputs, context);
    }

    @Override
    public Outputs run(String className, Inputs inputs, NodeContext context) throws Exception {
        return node(className).run(inputs, context);
    }
}
