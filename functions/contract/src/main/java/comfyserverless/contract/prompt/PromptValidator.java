package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.PythonText;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.NodeDefinitions;
import comfyserverless.contract.node.Trait;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Validates a prompt with the errors of ComfyUI 0.3.64 (validate_prompt in execution.py): a pure
/// function of the prompt, the definitions, the lists and the files that are there. It takes time in
/// proportion to the nodes and links, at any depth.
public final class PromptValidator {
    /// The most nodes a prompt may have (limits-and-security).
    public static final int MOST_NODES = 5000;

    private final NodeDefinitions definitions;
    private final Function<String, Optional<NodeValidator>> validators;

    /// A validator for the classes that `definitions` knows.
    ///
    /// @param validators a node class's own validator, by class name
    public PromptValidator(
            NodeDefinitions definitions, Function<String, Optional<NodeValidator>> validators) {
        this.definitions = definitions;
        this.validators = validators;
    }

    /// What validation looks at besides the prompt.
    public record Surroundings(FolderLists lists, NodeValidator.FilesThere files) {}

    /// Validates a request's prompt; the request is left as it is.
    public Validation validate(PromptRequest request, Surroundings surroundings) {
        JsonNode sent = request.prompt();
        if (sent == null) {
            return invalid(
                    new PromptError("no_prompt", "No prompt provided", "No prompt provided"));
        }
        if (sent.isArray() && sent.isEmpty()) {
            return invalid(new PromptError("prompt_no_outputs", "Prompt has no outputs", ""));
        }
        if (!(sent instanceof ObjectNode object)) {
            return invalid(
                    new PromptError(
                            "invalid_prompt",
                            "The prompt must be an object of nodes by id",
                            "it is a " + PythonText.typeName(sent)));
        }
        if (object.size() > MOST_NODES) {
            return invalid(
                    new PromptError(
                            "too_many_nodes",
                            "The prompt has too many nodes",
                            object.size() + " nodes, the limit is " + MOST_NODES));
        }
        ObjectNode prompt = object.deepCopy();
        Map<String, NodeDefinition> classes = new LinkedHashMap<>();
        PromptError unknown = findClasses(prompt, classes);
        if (unknown != null) {
            return invalid(unknown);
        }
        Set<String> outputs = outputs(classes, request.targets());
        if (outputs.isEmpty()) {
            return invalid(new PromptError("prompt_no_outputs", "Prompt has no outputs", ""));
        }
        InputChecks checks = new InputChecks(prompt, classes, validators, surroundings);
        return judge(prompt, outputs, new GraphWalk(prompt, classes, checks));
    }

    /// The first error is the one that ComfyUI reports; an unknown class brings all the others along.
    private @Nullable PromptError findClasses(
            ObjectNode prompt, Map<String, NodeDefinition> classes) {
        PromptError first = null;
        UnknownClasses unknown = new UnknownClasses(definitions);
        for (Map.Entry<String, JsonNode> entry : prompt.properties()) {
            JsonNode classType = entry.getValue().get("class_type");
            Optional<NodeDefinition> definition = find(classType);
            if (definition.isPresent()) {
                classes.put(entry.getKey(), definition.get());
                continue;
            }
            if (first == null) {
                first =
                        new PromptError(
                                "invalid_prompt",
                                classType == null
                                        ? "Cannot execute because a node is missing the class_type property."
                                        : "Cannot execute because node "
                                                + PythonText.str(classType)
                                                + " does not exist.",
                                "Node ID '#" + entry.getKey() + "'");
            }
            if (classType != null) {
                unknown.add(entry.getKey(), entry.getValue(), classType);
            }
        }
        return first == null || unknown.isEmpty() ? first : first.with(unknown.extraInfo());
    }

    private Optional<NodeDefinition> find(@Nullable JsonNode classType) {
        return classType != null && classType.isTextual()
                ? definitions.find(classType.textValue())
                : Optional.empty();
    }

    private static Set<String> outputs(
            Map<String, NodeDefinition> classes, @Nullable List<String> targets) {
        Set<String> wanted = targets == null ? null : Set.copyOf(targets);
        Set<String> outputs = new LinkedHashSet<>();
        classes.forEach((id, definition) -> {
            if (definition.is(Trait.OUTPUT_NODE) && (wanted == null || wanted.contains(id))) {
                outputs.add(id);
            }
        });
        return outputs;
    }

    private static Validation judge(ObjectNode prompt, Set<String> outputs, GraphWalk walk) {
        List<String> good = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        List<String> details = new ArrayList<>();
        for (String output : outputs) {
            if (walk.visit(output)) {
                good.add(output);
            } else {
                bad.add(output);
                walk.errorsOf(output).forEach(e -> details.add(e.message() + ": " + e.details()));
            }
        }
        NodeErrors errors = walk.errors(bad);
        if (!good.isEmpty()) {
            return new Validation.Valid(prompt, good, errors);
        }
        walk.cycle().ifPresent(c -> details.add("The nodes form a cycle: " + c));
        return new Validation.Invalid(
                new PromptError(
                        "prompt_outputs_failed_validation",
                        "Prompt outputs failed validation",
                        String.join("\n", details)),
                errors);
    }

    private static Validation.Invalid invalid(PromptError error) {
        return new Validation.Invalid(error, NodeErrors.NONE);
    }
}
