package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.PythonText;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.NodeInfo;
import comfyserverless.contract.node.Output;
import comfyserverless.contract.node.Trait;
import comfyserverless.contract.prompt.PromptValidator.Surroundings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Checks one node's inputs (validate_inputs in execution.py, ComfyUI 0.3.64) and coerces its values
/// in the prompt.
final class InputChecks {
    private final ObjectNode prompt;
    private final Map<String, NodeDefinition> classes;
    private final Function<String, Optional<NodeValidator>> validators;
    private final Surroundings surroundings;
    private final ValueChecks values;
    private boolean ownOnly;

    InputChecks(
            ObjectNode prompt,
            Map<String, NodeDefinition> classes,
            Function<String, Optional<NodeValidator>> validators,
            Surroundings surroundings) {
        this.prompt = prompt;
        this.classes = classes;
        this.validators = validators;
        this.surroundings = surroundings;
        this.values = new ValueChecks(surroundings.lists());
    }

    /// The same, but only the nodes' own validators are asked: all else was checked before.
    InputChecks ownOnly() {
        ownOnly = true;
        return this;
    }

    /// A link that is to be followed, and where it was found.
    ///
    /// @param config `[type, options]` of the input, made only when an error shows it
    record Descent(String node, String inputName, Supplier<ArrayNode> config, JsonNode link) {}

    /// What was found at one node.
    ///
    /// @param failure what broke the check, if anything did; the errors do not count then
    record Checked(
            List<PromptError> errors, List<Descent> descents, @Nullable ValidatorFailure failure) {}

    Checked check(String id, NodeDefinition definition) {
        OneNode node =
                new OneNode(id, definition, validators.apply(definition.className()).orElse(null));
        @Nullable ValidatorFailure failure = null;
        try {
            node.check();
        } catch (ValidatorFailure e) {
            failure = e;
        }
        return new Checked(node.errors, node.descents, failure);
    }

    private final class OneNode {
        private final String id;
        private final NodeDefinition definition;
        private final @Nullable NodeValidator validator;
        private final List<PromptError> errors = new ArrayList<>();
        private final List<Descent> descents = new ArrayList<>();
        private final Map<String, String> linkTypes = new LinkedHashMap<>();
        private boolean incomplete;

        OneNode(String id, NodeDefinition definition, @Nullable NodeValidator validator) {
            this.id = id;
            this.definition = definition;
            this.validator = validator;
        }

        void check() {
            ObjectNode inputs = inputs();
            definition.required().forEach((name, spec) -> input(inputs, name, spec, true));
            definition.optional().forEach((name, spec) -> input(inputs, name, spec, false));
            if (validator != null && (validator.allNames() || !incomplete)) {
                ask(validator);
            }
        }

        private ObjectNode inputs() {
            JsonNode inputs = prompt.path(id).get("inputs");
            if (inputs == null) {
                throw new ValidatorFailure("KeyError", "'inputs'");
            }
            if (inputs instanceof ObjectNode object) {
                return object;
            }
            if (inputs.isArray() && inputs.isEmpty()) {
                return Json.object();
            }
            throw new ValidatorFailure(
                    "TypeError", "inputs must be an object, not " + PythonText.typeName(inputs));
        }

        private void input(ObjectNode inputs, String name, InputSpec spec, boolean required) {
            JsonNode value = inputs.get(name);
            if (value == null) {
                incomplete |= required && validator != null && validator.names().contains(name);
                if (required && !ownOnly) {
                    ObjectNode info = Json.object().put("input_name", name);
                    errors.add(
                            new PromptError(
                                    "required_input_missing",
                                    "Required input is missing",
                                    name,
                                    info));
                }
            } else if (value.isArray()) {
                link(name, spec, value);
            } else if (!ownOnly) {
                boolean own =
                        validator != null
                                && (validator.allNames() || validator.names().contains(name));
                values.check(inputs, name, () -> config(spec), spec, own).ifPresent(errors::add);
            }
        }

        private void link(String name, InputSpec spec, JsonNode link) {
            if (link.size() != 2) {
                ObjectNode info = Json.object().put("input_name", name);
                info.set("input_config", config(spec));
                info.set("received_value", link);
                errors.add(
                        new PromptError(
                                "bad_linked_input",
                                "Bad linked input, must be a length-2 list of [node_id, slot_index]",
                                name,
                                info));
                return;
            }
            String from = linkedNode(link.get(0));
            String received = Links.outputOf(definitionOf(from).outputs(), link.get(1)).type();
            linkTypes.put(name, received);
            boolean own = validator != null && validator.checksLinkTypes();
            if (own || ownOnly || TypeMatch.fits(received, spec)) {
                descents.add(new Descent(from, name, () -> config(spec), link));
            } else {
                errors.add(mismatch(name, spec, received, link));
            }
        }

        private PromptError mismatch(String name, InputSpec spec, String received, JsonNode link) {
            ArrayNode config = config(spec);
            ObjectNode info = Json.object().put("input_name", name);
            info.set("input_config", config);
            info.put("received_type", received);
            info.set("linked_node", link);
            String details =
                    name
                            + ", received_type("
                            + received
                            + ") mismatch input_type("
                            + PythonText.str(config.get(0))
                            + ")";
            return new PromptError(
                    "return_type_mismatch",
                    "Return type mismatch between linked nodes",
                    details,
                    info);
        }

        private String linkedNode(JsonNode node) {
            if (node.isContainerNode()) {
                throw new ValidatorFailure(
                        "TypeError", "unhashable type: '" + PythonText.typeName(node) + "'");
            }
            if (!node.isTextual() || !classes.containsKey(node.textValue())) {
                throw new ValidatorFailure("KeyError", PythonText.repr(node));
            }
            return node.textValue();
        }

        private NodeDefinition definitionOf(String node) {
            NodeDefinition found = classes.get(node);
            if (found == null) {
                throw new ValidatorFailure("KeyError", PythonText.quoted(node));
            }
            return found;
        }

        private void ask(NodeValidator asked) {
            Map<String, JsonNode> seen = ValidatorInputs.of(id, definition, prompt);
            if (!asked.allNames()) {
                seen.keySet().retainAll(asked.names());
            }
            NodeValidator.Verdict verdict =
                    asked.validate(new NodeValidator.Inputs(seen, linkTypes, surroundings.files()));
            if (verdict instanceof NodeValidator.Verdict.Refused refused) {
                seen.keySet().forEach(name -> refuse(name, refused.reason()));
                if (asked.checksLinkTypes()) {
                    refuse("input_types", refused.reason());
                }
            }
        }

        private void refuse(String name, @Nullable String reason) {
            errors.add(
                    new PromptError(
                            "custom_validation_failed",
                            "Custom validation failed for node",
                            reason == null ? name : name + " - " + reason,
                            Json.object().put("input_name", name)));
        }

        private ArrayNode config(InputSpec spec) {
            ArrayNode config =
                    NodeInfo.config(spec, definition.is(Trait.NEWER_STYLE), surroundings.lists());
            return config.size() == 1 ? config.add(Json.object()) : config;
        }
    }

    /// Finds what a link's slot names, with Python's errors.
    private static final class Links {
        static Output outputOf(List<Output> outputs, JsonNode slot) {
            if (!slot.isIntegralNumber() && !slot.isBoolean()) {
                throw new ValidatorFailure(
                        "TypeError",
                        "tuple indices must be integers or slices, not "
                                + PythonText.typeName(slot));
            }
            long index = slot.isBoolean() ? (slot.booleanValue() ? 1 : 0) : slot.asLong();
            if (index < 0) {
                index += outputs.size();
            }
            boolean far = slot.isNumber() && !slot.canConvertToLong();
            if (far || index < 0 || index >= outputs.size()) {
                throw new ValidatorFailure("IndexError", "tuple index out of range");
            }
            return outputs.get((int) index);
        }
    }
}
