package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.graph.Link;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a node's own validator is given: values as they are, links as nothing, hidden inputs.
final class ValidatorInputs {
    private ValidatorInputs() {}

    static Map<String, JsonNode> of(String id, NodeDefinition definition, ObjectNode prompt) {
        Map<String, JsonNode> seen = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> input : prompt.path(id).path("inputs").properties()) {
            InputSpec spec = definition.input(input.getKey());
            boolean raw = spec != null && spec.isRawLink();
            if (Link.of(input.getValue()).isPresent() && !raw) {
                seen.put(input.getKey(), NullNode.getInstance());
            } else if (spec != null || definition.hidden().containsKey(input.getKey())) {
                seen.put(input.getKey(), input.getValue());
            }
        }
        definition
                .hidden()
                .forEach((name, hidden) -> {
                    switch (hidden.type()) {
                        case Hidden.PROMPT -> seen.put(name, prompt);
                        case Hidden.UNIQUE_ID -> seen.put(name, TextNode.valueOf(id));
                        case Hidden.DYNPROMPT,
                                Hidden.EXTRA_PNGINFO,
                                Hidden.AUTH_TOKEN,
                                Hidden.API_KEY ->
                                seen.put(name, NullNode.getInstance());
                        default -> {
                            // set by expansions only
                        }
                    }
                });
        return seen;
    }
}
