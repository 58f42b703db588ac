package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.PythonText;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Output;
import comfyserverless.nodeapi.Expansion;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Calls a node once for each item of its inputs and joins what comes back (get_output_data,
/// ComfyUI 0.3.64).
final class NodeCalls {
    private final NodeHost host;
    private final NodeDefinition definition;
    private final UnaryOperator<Value.Blocker> onBlocker;

    /// One call's answer: values, or a graph and what its outputs are.
    record Answer(List<Value> values, @Nullable Expansion expansion, @Nullable ObjectNode ui) {
        Answer {
            values = List.copyOf(values);
        }
    }

    /// All calls' answers and what they showed.
    record Answers(List<Answer> each, @Nullable ObjectNode ui) {
        boolean expands() {
            return each.stream().anyMatch(a -> a.expansion() != null);
        }
    }

    /// @param onBlocker told of a blocker that reaches the node; returns what goes on to its outputs
    NodeCalls(NodeHost host, NodeDefinition definition, UnaryOperator<Value.Blocker> onBlocker) {
        this.host = host;
        this.definition = definition;
        this.onBlocker = onBlocker;
    }

    /// Calls the node, one call after the other.
    ///
    /// @param context the context of the call of that number
    Answers run(NodeInputs inputs, IntFunction<NodeContext> context) throws Exception {
        List<Answer> answers = new ArrayList<>();
        List<Map<String, Value>> calls = inputs.calls(definition);
        for (int i = 0; i < calls.size(); i++) {
            answers.add(prepared(calls.get(i), context.apply(i)).call());
        }
        return joined(answers);
    }

    /// The calls, each to be made on any thread.
    List<Callable<Answer>> separate(NodeInputs inputs, IntFunction<NodeContext> context) {
        List<Callable<Answer>> all = new ArrayList<>();
        List<Map<String, Value>> calls = inputs.calls(definition);
        for (int i = 0; i < calls.size(); i++) {
            all.add(prepared(calls.get(i), context.apply(i)));
        }
        return all;
    }

    private Callable<Answer> prepared(Map<String, Value> call, NodeContext around) {
        around.checkStop();
        Value.Blocker blocker = blocker(call);
        if (blocker != null) {
            Answer answer = new Answer(blocked(onBlocker.apply(blocker)), null, null);
            return () -> answer;
        }
        return () -> {
            refuseUndeclared(call);
            return answer(host.run(definition.className(), new Inputs(call), around));
        };
    }

    private void refuseUndeclared(Map<String, Value> call) {
        if (host.takesUndeclared(definition.className())) {
            return;
        }
        for (String name : call.keySet()) {
            if (definition.input(name) == null && !definition.hidden().containsKey(name)) {
                throw new NodeException(
                        "TypeError",
                        definition.className()
                                + " got an unexpected keyword argument "
                                + PythonText.quoted(name));
            }
        }
    }

    private Answer answer(Outputs outputs) {
        List<Value> values = outputs.values();
        if (values.size() == 1 && values.getFirst() instanceof Value.Blocker blocker) {
            values = blocked(blocker);
        }
        return new Answer(values, outputs.expansion(), outputs.ui());
    }

    private List<Value> blocked(Value.Blocker blocker) {
        return Collections.nCopies(definition.outputs().size(), blocker);
    }

    /// What keeps a node from a call with these arguments; null if nothing does.
    static Value.@Nullable Blocker blocker(Map<String, Value> call) {
        for (Value value : call.values()) {
            if (value instanceof Value.Blocker blocker) {
                return blocker;
            }
            if (value instanceof Value.Many many) {
                for (Value item : many.items()) {
                    if (item instanceof Value.Blocker blocker) {
                        return blocker;
                    }
                }
            }
        }
        return null;
    }

    /// The answers with all that they showed: their lists one behind the other, under the first call's
    /// names.
    static Answers joined(List<Answer> answers) {
        ObjectNode all = null;
        for (Answer answer : answers) {
            ObjectNode shown = answer.ui();
            if (shown == null) {
                continue;
            }
            if (all == null) {
                all = Json.object();
                for (Map.Entry<String, JsonNode> list : shown.properties()) {
                    all.putArray(list.getKey());
                }
            }
            for (Map.Entry<String, JsonNode> list : all.properties()) {
                shown.path(list.getKey()).forEach(((ArrayNode) list.getValue())::add);
            }
        }
        return new Answers(answers, all);
    }

    /// For each output the items of all calls; a list output adds its items one by one. The first call
    /// that gave anything says how many outputs there are.
    List<List<Value>> merged(List<List<Value>> results) {
        List<List<Value>> given = results.stream().filter(r -> !r.isEmpty()).toList();
        if (given.isEmpty()) {
            return List.of();
        }
        boolean lists = definition.outputs().stream().anyMatch(Output::list);
        int declared = lists ? definition.outputs().size() : Integer.MAX_VALUE;
        int count = Math.min(given.getFirst().size(), declared);
        List<List<Value>> outputs = new ArrayList<>(count);
        for (int slot = 0; slot < count; slot++) {
            boolean list =
                    slot < definition.outputs().size() && definition.outputs().get(slot).list();
            List<Value> items = new ArrayList<>();
            for (List<Value> result : given) {
                if (slot >= result.size()) {
                    throw new NodeException("IndexError", "tuple index out of range");
                }
                Value value = result.get(slot);
                if (list && value instanceof Value.Many many) {
                    items.addAll(many.items());
                } else {
                    items.add(value);
                }
            }
            outputs.add(List.copyOf(items));
        }
        return outputs;
    }
}
