package comfyserverless.testingnodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.graph.Link;
import comfyserverless.nodeapi.DynamicPrompt;
import comfyserverless.nodeapi.Expansion;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Loops, made of graphs that expand into themselves, and the execution blocker.
final class LoopNodes {
    private static final int SOCKETS = 5;
    private static final Value NOTHING = new Value.Json(NullNode.getInstance());
    private static final Value STUB = new Value.Json(TextNode.valueOf("stub"));
    private static final String OWN_COPY = "Recurse";

    private LoopNodes() {}

    static List<TestingNode> all() {
        return List.of(
                TestingNode.of("TestWhileLoopOpen", (in, c) -> openWhile(in)).variadic(),
                TestingNode.of("TestWhileLoopClose", LoopNodes::closeWhile).variadic(),
                TestingNode.of("TestForLoopOpen", LoopNodes::openFor).variadic(),
                TestingNode.of("TestForLoopClose", LoopNodes::closeFor).variadic(),
                TestingNode.of("TestExecutionBlocker", (in, c) -> Outputs.of(blocked(in))));
    }

    private static Value blocked(Inputs in) {
        if (!in.flag("block")) {
            return in.value("input");
        }
        return new Value.Blocker(in.flag("verbose") ? "Blocked Execution" : null);
    }

    private static List<Value> initialValues(Inputs in, int from) {
        List<Value> values = new ArrayList<>();
        for (int i = from; i < SOCKETS; i++) {
            values.add(in.find("initial_value" + i).orElse(NOTHING));
        }
        return values;
    }

    private static Outputs outputs(List<Value> values) {
        return Outputs.of(values.toArray(Value[]::new));
    }

    private static Outputs openWhile(Inputs in) {
        List<Value> values = new ArrayList<>(List.of(STUB));
        values.addAll(initialValues(in, 0));
        return outputs(values);
    }

    private static Outputs closeWhile(Inputs in, NodeContext context) {
        if (!Truth.of(in.value("condition"))) {
            return outputs(initialValues(in, 0));
        }
        DynamicPrompt prompt = in.handle("dynprompt", DynamicPrompt.class);
        String own = in.text("unique_id");
        String open = in.json("flow_control").path(0).asText();
        Body body = Body.between(open, own, prompt);
        Expansions graph = new Expansions(context);
        Map<String, Expansions.Added> copies = new LinkedHashMap<>();
        for (String id : body.ids()) {
            String classType = node(prompt, id).path("class_type").asText();
            copies.put(id, graph.add(classType, id.equals(own) ? OWN_COPY : id).shownAs(id));
        }
        copies.forEach((id, copy) -> fill(copy, node(prompt, id), copies));
        List<Value> values = initialValues(in, 0);
        for (int i = 0; i < SOCKETS; i++) {
            copy(copies, open).with("initial_value" + i, values.get(i));
        }
        return graph.results(copy(copies, own).outputs(0, SOCKETS));
    }

    private static Expansions.Added copy(Map<String, Expansions.Added> copies, String id) {
        Expansions.Added copy = copies.get(id);
        if (copy == null) {
            throw new IllegalStateException("node " + id + " was not copied");
        }
        return copy;
    }

    private static ObjectNode node(DynamicPrompt prompt, String id) {
        return prompt.node(id)
                .orElseThrow(() -> new IllegalArgumentException("the graph has no node " + id));
    }

    private static void fill(
            Expansions.Added copy, ObjectNode original, Map<String, Expansions.Added> copies) {
        for (Map.Entry<String, JsonNode> input : original.path("inputs").properties()) {
            Optional<Link> link = Link.of(input.getValue());
            Expansions.Added from = link.map(l -> copies.get(l.nodeId())).orElse(null);
            copy.with(
                    input.getKey(),
                    from == null ? input.getValue() : from.out(link.orElseThrow().slot()));
        }
    }

    /// The nodes of a loop.
    private record Body(Set<String> ids) {
        /// All that lie on a way from the open node to the close node, and these two.
        static Body between(String open, String close, DynamicPrompt prompt) {
            Map<String, List<String>> readers = readersAbove(close, prompt);
            Set<String> ids = new LinkedHashSet<>();
            Deque<String> waiting = new ArrayDeque<>(readers.getOrDefault(open, List.of()));
            while (!waiting.isEmpty()) {
                String id = waiting.pop();
                if (ids.add(id)) {
                    readers.getOrDefault(id, List.of()).forEach(waiting::push);
                }
            }
            ids.add(close);
            ids.add(open);
            return new Body(ids);
        }

        /// For each node above `close` the nodes that read from it.
        private static Map<String, List<String>> readersAbove(String close, DynamicPrompt prompt) {
            Map<String, List<String>> readers = new LinkedHashMap<>();
            Set<String> seen = new HashSet<>(Set.of(close));
            Deque<String> waiting = new ArrayDeque<>(List.of(close));
            while (!waiting.isEmpty()) {
                String reader = waiting.pop();
                for (JsonNode input : node(prompt, reader).path("inputs")) {
                    Link.of(input)
                            .map(Link::nodeId)
                            .ifPresent(id -> {
                                readers.computeIfAbsent(id, i -> new ArrayList<>()).add(reader);
                                if (seen.add(id)) {
                                    waiting.push(id);
                                }
                            });
                }
            }
            return readers;
        }
    }

    private static Outputs openFor(Inputs in, NodeContext context) {
        Value remaining = in.find("initial_value0").orElseGet(() -> in.value("remaining"));
        Expansions graph = new Expansions(context);
        Expansions.Added open =
                graph.add("TestWhileLoopOpen")
                        .with("condition", remaining)
                        .with("initial_value0", remaining);
        List<Value> values = initialValues(in, 1);
        for (int i = 1; i < SOCKETS; i++) {
            open.with("initial_value" + i, values.get(i - 1));
        }
        List<Value> results = new ArrayList<>(List.of(STUB, remaining));
        results.addAll(values);
        return graph.results(results);
    }

    private static Outputs closeFor(Inputs in, NodeContext context) {
        String open = in.json("flow_control").path(0).asText();
        Expansions graph = new Expansions(context);
        Expansions.Added left =
                graph.add("TestIntMathOperation")
                        .with("operation", "subtract")
                        .with("a", Expansions.link(open, 1))
                        .with("b", 1);
        Expansions.Added condition = graph.add("TestToBoolNode").with("value", left.out(0));
        Expansions.Added close =
                graph.add("TestWhileLoopClose")
                        .with("flow_control", in.value("flow_control"))
                        .with("condition", condition.out(0))
                        .with("initial_value0", left.out(0));
        for (int i = 1; i < SOCKETS; i++) {
            String name = "initial_value" + i;
            in.find(name).ifPresent(value -> close.with(name, Expansion.input(value)));
        }
        return graph.results(close.outputs(1, SOCKETS));
    }
}
