package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.graph.GraphNode;
import comfyserverless.contract.graph.Link;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Expansion;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Runs one node (execute, ComfyUI 0.3.64): gathers its inputs, asks for lazy ones, calls it, and waits
/// for the graph that it may have expanded into.
final class NodeRun {
    private final GraphRun run;
    private final NodeHost host;
    private final DynamicGraph graph;
    private final ExecutionOrder order;
    private final Map<String, NodeCalls.Answers> expanding = new HashMap<>();

    NodeRun(GraphRun run, NodeHost host, DynamicGraph graph, ExecutionOrder order) {
        this.run = run;
        this.host = host;
        this.graph = graph;
        this.order = order;
    }

    /// The node's result; null if it waits for others now.
    @Nullable NodeResult run(String id) {
        GraphNode node = graph.node(id);
        Map<String, List<Value>> given = Map.of();
        try {
            NodeCalls calls = calls(node);
            NodeCalls.Answers answers = expanding.remove(id);
            if (answers != null) {
                return result(id, calls, answers);
            }
            run.started(id);
            NodeInputs inputs = run.inputs(node);
            given = inputs.items();
            if (waitsForLazy(node, inputs)) {
                return null;
            }
            answers = calls.run(inputs, call -> run.context(id, call));
            if (answers.ui() != null && !answers.ui().isEmpty()) {
                run.showed(id, answers.ui());
            }
            if (answers.expands()) {
                expand(id, answers);
                return null;
            }
            return result(id, calls, answers);
        } catch (RunStopped e) {
            throw e;
        } catch (Exception | OutOfMemoryError | StackOverflowError e) {
            GraphNode blamed = graph.node(graph.real(id));
            throw new NodeFailed(Failures.of(blamed, e, given, run.nodeIds()), e);
        }
    }

    private NodeCalls calls(GraphNode node) {
        NodeDefinition definition = host.definition(node.classType());
        return new NodeCalls(
                host,
                definition,
                blocker -> {
                    String message = blocker.message();
                    if (message == null) {
                        return blocker;
                    }
                    run.blocked(node.id(), message);
                    return new Value.Blocker(null);
                });
    }

    /// Makes the node wait for the lazy inputs that it asks for; false if it has all it needs.
    private boolean waitsForLazy(GraphNode node, NodeInputs inputs) throws Exception {
        if (!host.isLazy(node.classType())) {
            return false;
        }
        Set<String> needed = new LinkedHashSet<>();
        for (Map<String, Value> call : inputs.perItem()) {
            run.context(node.id(), 0).checkStop();
            needed.addAll(
                    host.needs(node.classType(), new Inputs(call), run.context(node.id(), 0)));
        }
        needed.removeIf(
                name -> inputs.items().containsKey(name) && !inputs.missing().contains(name));
        for (String name : needed) {
            JsonNode value = node.inputs().get(name);
            Link link =
                    Link.of(value == null ? Json.mapper().nullNode() : value)
                            .orElseThrow(() ->
                                    new NodeException(
                                            "NodeInputError",
                                            "node "
                                                    + node.id()
                                                    + " needs input "
                                                    + name
                                                    + ", which is no link"));
            order.require(link.nodeId(), node.id());
        }
        return !needed.isEmpty();
    }

    private void expand(String id, NodeCalls.Answers answers) {
        List<String> outputs = new ArrayList<>();
        for (NodeCalls.Answer answer : answers.each()) {
            Expansion expansion = answer.expansion();
            if (expansion != null) {
                outputs.addAll(add(id, expansion));
            }
        }
        outputs.forEach(order::add);
        for (NodeCalls.Answer answer : answers.each()) {
            if (answer.expansion() != null) {
                for (Value value : answer.values()) {
                    Link link = link(value);
                    if (link != null) {
                        order.require(link.nodeId(), id);
                    }
                }
            }
        }
        expanding.put(id, answers);
    }

    /// Adds the nodes; returns those that are output nodes.
    private List<String> add(String id, Expansion expansion) {
        List<String> outputs = new ArrayList<>();
        comfyserverless.contract.graph.Graph added =
                comfyserverless.contract.graph.Graph.of(expansion.nodes());
        for (GraphNode node : added.nodes().values()) {
            JsonNode display = expansion.nodes().path(node.id()).path("override_display_id");
            graph.add(node, id, display.isTextual() ? display.textValue() : id);
            if (host.definition(node.classType()).is(Trait.OUTPUT_NODE)) {
                outputs.add(node.id());
            }
        }
        return outputs;
    }

    private NodeResult result(String id, NodeCalls calls, NodeCalls.Answers answers) {
        List<List<Value>> results = new ArrayList<>();
        for (NodeCalls.Answer answer : answers.each()) {
            results.add(answer.expansion() == null ? answer.values() : resolved(answer));
        }
        ObjectNode ui = answers.ui();
        boolean shown = ui != null && !ui.isEmpty();
        return new NodeResult(calls.merged(results), shown ? ui : null, shown ? about(id) : null);
    }

    /// The values behind the links into an expansion; a link to several items gives them all.
    private List<Value> resolved(NodeCalls.Answer answer) {
        List<Value> values = new ArrayList<>();
        for (Value value : answer.values()) {
            Link link = link(value);
            if (link == null) {
                values.add(value);
                continue;
            }
            NodeResult source = run.result(link.nodeId());
            if (source == null) {
                throw new IllegalStateException("node " + link.nodeId() + " has no result");
            }
            values.addAll(source.outputs().get(link.index(source.outputs().size())));
        }
        return values;
    }

    private static @Nullable Link link(Value value) {
        return value instanceof Value.Json json ? Link.of(json.node()).orElse(null) : null;
    }

    private ObjectNode about(String id) {
        return Json.object()
                .put("node_id", id)
                .put("display_node", graph.display(id))
                .put("parent_node", graph.parent(id))
                .put("real_node_id", graph.real(id));
    }
}
