package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.graph.GraphNode;
import comfyserverless.contract.graph.Link;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Expansion;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Runs one node (execute, ComfyUI 0.3.64): gathers its inputs, asks for lazy ones, calls it, and waits
/// for the graph that it may have expanded into.
final class NodeRun implements AutoCloseable {
    private final GraphRun run;
    private final NodeHost host;
    private final DynamicGraph graph;
    private final ExecutionOrder order;
    private final Map<String, NodeCalls.Answers> expanding = new HashMap<>();
    private final WaitingNodes waiting = new WaitingNodes();

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
            NodeCalls.Answers expanded = expanding.remove(id);
            if (expanded != null) {
                return result(id, calls, expanded);
            }
            List<NodeCalls.Answer> waited = waiting.answers(id);
            if (waited != null) {
                return finish(id, calls, NodeCalls.joined(waited));
            }
            run.started(id);
            NodeInputs inputs = run.inputs(node);
            given = inputs.items();
            if (waitsForLazy(node, inputs)) {
                return null;
            }
            if (host.isAsynchronous(node.classType())) {
                if (!waiting.begin(id, calls.separate(inputs, call -> run.context(id, call)))) {
                    order.block(id);
                    return null;
                }
                List<NodeCalls.Answer> soon = Objects.requireNonNull(waiting.answers(id));
                return finish(id, calls, NodeCalls.joined(soon));
            }
            return finish(id, calls, calls.run(inputs, call -> run.context(id, call)));
        } catch (RunStopped e) {
            throw e;
        } catch (Exception | Error e) {
            GraphNode blamed = graph.node(graph.real(id));
            throw new NodeFailed(Failures.of(blamed, e, given, run.currentOutputs()), e);
        }
    }

    /// The node that works longest of those that others wait for; null if there is none.
    @Nullable String working() {
        return waiting.isEmpty() ? null : waiting.first();
    }

    /// Waits until a node's calls are over and lets it go on, with all others whose calls are over. To be
    /// asked when no other node is ready: those go first, as in ComfyUI, where one thread does all.
    void await(StopSignal stop) {
        try {
            for (String id = waiting.take(stop); id != null; id = waiting.poll()) {
                order.unblock(id);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunStopped(RunStopped.Reason.TAKEN_AWAY);
        }
    }

    @Override
    public void close() {
        waiting.close();
    }

    private @Nullable NodeResult finish(String id, NodeCalls calls, NodeCalls.Answers answers) {
        if (answers.ui() != null && !answers.ui().isEmpty()) {
            run.showed(id, answers.ui());
        }
        if (answers.expands()) {
            expand(id, answers);
            return null;
        }
        return result(id, calls, answers);
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
        for (Map<String, Value> call : inputs.calls(host.definition(node.classType()))) {
            run.context(node.id(), 0).checkStop();
            if (NodeCalls.blocker(call) == null) {
                needed.addAll(
                        host.needs(node.classType(), new Inputs(call), run.context(node.id(), 0)));
            }
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
        List<String> added = new ArrayList<>();
        for (NodeCalls.Answer answer : answers.each()) {
            Expansion expansion = answer.expansion();
            if (expansion != null) {
                added.addAll(add(id, expansion));
            }
        }
        run.expanded(id, added);
        for (String each : added) {
            if (run.isOutput(each)) {
                order.add(each);
            }
        }
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

    private List<String> add(String id, Expansion expansion) {
        comfyserverless.contract.graph.Graph added =
                comfyserverless.contract.graph.Graph.of(expansion.nodes());
        for (GraphNode node : added.nodes().values()) {
            JsonNode display = expansion.nodes().path(node.id()).path("override_display_id");
            host.definition(node.classType());
            graph.add(node, id, display.isTextual() ? display.textValue() : id);
        }
        return List.copyOf(added.nodes().keySet());
    }

    private NodeResult result(String id, NodeCalls calls, NodeCalls.Answers answers) {
        List<List<Value>> results = new ArrayList<>();
        for (NodeCalls.Answer answer : answers.each()) {
            results.add(answer.expansion() == null ? answer.values() : resolved(answer));
        }
        ObjectNode ui = answers.ui();
        boolean shown = ui != null && !ui.isEmpty();
        return new NodeResult(
                calls.merged(results), shown ? ui : null, shown ? run.about(id) : null);
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
}
