package comfyserverless.nodeharness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.pack.NodePack;
import comfyserverless.contract.pack.PackValidators;
import comfyserverless.contract.prompt.PromptRequest;
import comfyserverless.contract.prompt.PromptValidator;
import comfyserverless.contract.prompt.Validation;
import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Value;
import comfyserverless.nodeapi.Video;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/// A node's inputs as an author gives them, and the prompt that they would come from: what is plain stands
/// in the node, what only a link can bring comes from a node of its own.
final class Given {
    static final String NODE_ID = "1";

    /// Of a class that no pack has: it gives a value of one type.
    private static final String SOURCE = "a link of type ";

    private final NodeDefinition definition;
    private final Map<String, List<Value>> items = new LinkedHashMap<>();

    Given(NodeDefinition definition, Map<String, ?> inputs) {
        this.definition = definition;
        inputs.forEach((name, value) -> {
            if (definition.input(name) == null && !definition.hidden().containsKey(name)) {
                throw new IllegalArgumentException(
                        definition.className()
                                + " declares no input \""
                                + name
                                + "\"; it has "
                                + String.join(", ", names()));
            }
            Value given =
                    value instanceof Value plain
                            ? plain
                            : new Value.Json(Json.mapper().valueToTree(value));
            items.put(name, given instanceof Value.Many many ? many.items() : List.of(given));
        });
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(definition.required().keySet());
        names.addAll(definition.optional().keySet());
        return names;
    }

    /// Whether a link brings it: several items, a tensor, a handle, and whatever is lazy or declared as a
    /// link.
    boolean isLinked(String name) {
        List<Value> list = items.getOrDefault(name, List.of());
        InputSpec spec = definition.input(name);
        boolean plain = list.size() == 1 && list.getFirst() instanceof Value.Json;
        return !plain || spec instanceof InputSpec.Linked || (spec != null && spec.isLazy());
    }

    /// The inputs as the node gets them: values coerced, hidden ones added.
    ///
    /// @throws RefusedInputs if the server would not take them
    Map<String, List<Value>> validated(MemoryFiles files) {
        PromptRequest request =
                PromptRequest.read(Json.writeBytes(Json.object().set("prompt", prompt())));
        PromptValidator validator =
                new PromptValidator(this::find, new PackValidators(packOnClassPath()));
        return switch (validator.validate(
                request, new PromptValidator.Surroundings(files, files::exists))) {
            case Validation.Invalid invalid -> throw new RefusedInputs(invalid);
            case Validation.Valid valid -> coerced(valid.prompt());
        };
    }

    private ObjectNode prompt() {
        ObjectNode prompt = Json.object();
        ObjectNode inputs =
                prompt.putObject(NODE_ID)
                        .put("class_type", definition.className())
                        .putObject("inputs");
        items.forEach((name, list) -> {
            if (isLinked(name)) {
                String source = "link to " + name;
                prompt.putObject(source)
                        .put("class_type", SOURCE + type(name, list))
                        .putObject("inputs");
                inputs.putArray(name).add(source).add(0);
            } else {
                inputs.set(name, ((Value.Json) list.getFirst()).node());
            }
        });
        return prompt;
    }

    private String type(String name, List<Value> list) {
        InputSpec spec = definition.input(name);
        String declared = spec == null ? "*" : spec.type().split(",", 2)[0];
        return list.isEmpty() ? declared : type(list.getFirst(), declared);
    }

    private static String type(Value value, String declared) {
        return switch (value) {
            case Image _ -> "IMAGE";
            case Mask _ -> "MASK";
            case Latent _ -> "LATENT";
            case Audio _ -> "AUDIO";
            case Video _ -> "VIDEO";
            case Value.Handle handle -> handle.type();
            case Value.Json _, Value.Many _, Value.Fields _, Value.Blocker _ -> declared;
        };
    }

    private Optional<NodeDefinition> find(String className) {
        if (className.equals(definition.className())) {
            return Optional.of(asOutput());
        }
        return className.startsWith(SOURCE)
                ? Optional.of(
                        NodeDefinition.of(className, "harness")
                                .output(className.substring(SOURCE.length()))
                                .build())
                : Optional.empty();
    }

    /// A prompt runs for the sake of output nodes alone.
    private NodeDefinition asOutput() {
        NodeDefinition.Builder same =
                NodeDefinition.of(definition.className(), definition.presentation().module());
        definition.required().forEach(same::required);
        definition.optional().forEach(same::optional);
        definition.hidden().forEach(same::hidden);
        definition.outputs().forEach(same::output);
        definition.traits().forEach(same::trait);
        return same.outputNode().build();
    }

    private List<NodePack> packOnClassPath() {
        return ServiceLoader.load(NodePack.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(pack ->
                        pack.definitions().stream()
                                .anyMatch(d -> d.className().equals(definition.className())))
                .toList();
    }

    private Map<String, List<Value>> coerced(ObjectNode prompt) {
        Map<String, List<Value>> all = new LinkedHashMap<>();
        items.forEach((name, list) -> {
            JsonNode value = prompt.path(NODE_ID).path("inputs").path(name);
            all.put(name, isLinked(name) ? list : List.of(new Value.Json(value)));
        });
        definition
                .hidden()
                .forEach((name, hidden) -> {
                    switch (hidden.type()) {
                        case Hidden.PROMPT -> give(all, name, prompt);
                        case Hidden.UNIQUE_ID -> give(all, name, TextNode.valueOf(NODE_ID));
                        case Hidden.EXTRA_PNGINFO, Hidden.AUTH_TOKEN, Hidden.API_KEY ->
                                give(all, name, NullNode.getInstance());
                        default -> {
                            // DYNPROMPT has no meaning outside a run, others are set by expansions
                        }
                    }
                });
        return all;
    }

    private static void give(Map<String, List<Value>> all, String name, JsonNode value) {
        all.putIfAbsent(name, List.of(new Value.Json(value)));
    }
}
