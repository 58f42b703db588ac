package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.graph.GraphNode;
import comfyserverless.contract.graph.Link;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.DynamicPrompt;
import comfyserverless.nodeapi.Expansion;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a node is given: for each input a list of items (get_input_data, ComfyUI 0.3.64).
///
/// @param missing inputs whose link has no value yet; they hold one null
record NodeInputs(Map<String, List<Value>> items, Set<String> missing) {
    private static final List<Value> NOTHING = List.of(new Value.Json(NullNode.getInstance()));

    /// What the server itself gives.
    record Surroundings(JsonNode prompt, JsonNode extraData, DynamicPrompt dynamic) {}

    /// @param results a node's result, or null if it has none yet
    static NodeInputs gather(
            GraphNode node,
            NodeDefinition definition,
            Function<String, @Nullable NodeResult> results,
            Surroundings around) {
        Map<String, List<Value>> items = new LinkedHashMap<>();
        Set<String> missing = new HashSet<>();
        for (Map.Entry<String, JsonNode> input : node.inputs().entrySet()) {
            String name = input.getKey();
            InputSpec spec = definition.input(name);
            Optional<Link> link = Link.of(input.getValue());
            if (link.isPresent() && (spec == null || !spec.isRawLink())) {
                List<Value> found = output(link.get(), results);
                items.put(name, found == null ? NOTHING : found);
                if (found == null) {
                    missing.add(name);
                }
            } else if (spec != null || definition.hidden().containsKey(name)) {
                items.put(name, List.of(Expansion.value(input.getValue())));
            }
        }
        definition
                .hidden()
                .forEach((name, hidden) -> {
                    Value value = hidden(hidden, node, around);
                    if (value != null) {
                        items.put(name, List.of(value));
                    }
                });
        return new NodeInputs(items, missing);
    }

    private static @Nullable List<Value> output(
            Link link, Function<String, @Nullable NodeResult> results) {
        NodeResult result = results.apply(link.nodeId());
        if (result == null) {
            return null;
        }
        int count = result.outputs().size();
        int index = link.slot() < 0 ? link.slot() + count : link.slot();
        return index >= 0 && index < count ? result.outputs().get(index) : null;
    }

    private static @Nullable Value hidden(Hidden hidden, GraphNode node, Surroundings around) {
        JsonNode extra = around.extraData();
        return switch (hidden.type()) {
            case Hidden.PROMPT -> new Value.Json(around.prompt());
            case DynamicPrompt.TYPE -> new Value.Handle(DynamicPrompt.TYPE, around.dynamic());
            case Hidden.UNIQUE_ID -> new Value.Json(TextNode.valueOf(node.id()));
            case Hidden.EXTRA_PNGINFO -> orNull(extra.get("extra_pnginfo"));
            case Hidden.AUTH_TOKEN -> orNull(extra.get("auth_token_comfy_org"));
            case Hidden.API_KEY -> orNull(extra.get("api_key_comfy_org"));
            default -> null;
        };
    }

    private static Value orNull(@Nullable JsonNode value) {
        return new Value.Json(value == null ? NullNode.getInstance() : value);
    }

    /// The arguments of each call: one per item of the longest list, shorter lists repeat their last.
    ///
    /// @throws NodeException if a list is empty and another is not
    List<Map<String, Value>> perItem() {
        int longest = items.values().stream().mapToInt(List::size).max().orElse(0);
        if (longest == 0) {
            return List.of(Map.of());
        }
        List<Map<String, Value>> calls = new ArrayList<>(longest);
        for (int i = 0; i < longest; i++) {
            Map<String, Value> call = new LinkedHashMap<>();
            for (Map.Entry<String, List<Value>> input : items.entrySet()) {
                List<Value> list = input.getValue();
                if (list.isEmpty()) {
                    throw new NodeException("IndexError", "list index out of range");
                }
                call.put(input.getKey(), list.get(Math.min(i, list.size() - 1)));
            }
            calls.add(call);
        }
        return calls;
    }

    /// The arguments of the one call that takes whole lists.
    Map<String, Value> asLists() {
        Map<String, Value> call = new LinkedHashMap<>();
        items.forEach((name, list) -> call.put(name, new Value.Many(list)));
        return call;
    }

    /// The arguments of each call of a node of that kind.
    List<Map<String, Value>> calls(NodeDefinition definition) {
        return definition.is(Trait.INPUT_IS_LIST) ? List.of(asLists()) : perItem();
    }
}
