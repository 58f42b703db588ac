package comfyserverless.testingnodes;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.PythonText;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.prompt.NodeValidator;
import comfyserverless.contract.prompt.TypeMatch;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The testing nodes' own validation.
final class TestingValidators {
    private TestingValidators() {}

    /// The validator of a testing node, if it has one.
    static Optional<NodeValidator> of(NodeDefinition node) {
        return switch (node.className()) {
            case "TestCustomValidation1", "TestCustomValidation4" ->
                    Optional.of(new BothMustBeFloat());
            case "TestCustomValidation2" -> Optional.of(new ImageOrFloatLinks());
            case "TestCustomValidation5" -> Optional.of(new NoSevens());
            case "TestAsyncValidation" ->
                    Optional.of(new NotAbove("threshold", "Value %s exceeds threshold %s"));
            case "TestAsyncValidationError" ->
                    Optional.of(new NotAbove("max_value", "Async validation failed: %s > %s"));
            case "TestCustomValidation3",
                    "TestWhileLoopOpen",
                    "TestWhileLoopClose",
                    "TestExecutionBlocker",
                    "TestForLoopOpen",
                    "TestForLoopClose",
                    "TestAccumulateNode",
                    "TestAccumulationHeadNode",
                    "TestAccumulationToListNode",
                    "TestListToAccumulationNode",
                    "TestAccumulationGetLengthNode",
                    "TestAccumulationGetItemNode",
                    "TestAccumulationSetItemNode",
                    "TestMakeListNode" ->
                    Optional.of(new Variadic(node));
            default -> Optional.empty();
        };
    }

    private static Optional<String> notFloat(String name, JsonNode value) {
        return value.isNull() || value.isFloatingPointNumber()
                ? Optional.empty()
                : Optional.of(
                        "Invalid type of "
                                + name
                                + ": <class '"
                                + PythonText.typeName(value)
                                + "'>");
    }

    private static NodeValidator.Verdict verdict(Optional<String> reason) {
        return reason.<NodeValidator.Verdict>map(NodeValidator.Verdict.Refused::new)
                .orElse(NodeValidator.Verdict.OK);
    }

    private record BothMustBeFloat() implements NodeValidator {
        @Override
        public Set<String> names() {
            return Set.of("input1", "input2");
        }

        @Override
        public Verdict validate(Inputs inputs) {
            return verdict(
                    notFloat("input1", inputs.get("input1"))
                            .or(() -> notFloat("input2", inputs.get("input2"))));
        }
    }

    private record ImageOrFloatLinks() implements NodeValidator {
        @Override
        public Set<String> names() {
            return Set.of("input1", "input2");
        }

        @Override
        public boolean checksLinkTypes() {
            return true;
        }

        @Override
        public Verdict validate(Inputs inputs) {
            Optional<String> literal =
                    notFloat("input1", inputs.get("input1"))
                            .or(() -> notFloat("input2", inputs.get("input2")));
            if (literal.isPresent()) {
                return verdict(literal);
            }
            for (Map.Entry<String, String> link : inputs.linkTypes().entrySet()) {
                if (!Set.of("IMAGE", "FLOAT").contains(link.getValue())) {
                    return new Verdict.Refused(
                            "Invalid type of " + link.getKey() + ": " + link.getValue());
                }
            }
            return Verdict.OK;
        }
    }

    private record NoSevens() implements NodeValidator {
        @Override
        public Set<String> names() {
            return Set.of();
        }

        @Override
        public boolean allNames() {
            return true;
        }

        @Override
        public Verdict validate(Inputs inputs) {
            return inputs.get("input2").doubleValue() == 7.0
                    ? new Verdict.Refused("7s are not allowed. I've never liked 7s.")
                    : Verdict.OK;
        }
    }

    /// The input `value` must not be above another one.
    private record NotAbove(String limit, String refusal) implements NodeValidator {
        @Override
        public Set<String> names() {
            return Set.of("value", limit);
        }

        @Override
        public Verdict validate(Inputs inputs) {
            JsonNode value = inputs.get("value");
            JsonNode most = inputs.get(limit);
            return value.doubleValue() > most.doubleValue()
                    ? new Verdict.Refused(
                            refusal.formatted(PythonText.str(value), PythonText.str(most)))
                    : Verdict.OK;
        }
    }

    /// Checks link types in place of the server; comma-separated lists are unions.
    private record Variadic(NodeDefinition node) implements NodeValidator {
        @Override
        public Set<String> names() {
            return Set.of();
        }

        @Override
        public boolean checksLinkTypes() {
            return true;
        }

        @Override
        public Verdict validate(Inputs inputs) {
            for (Map.Entry<String, String> link : inputs.linkTypes().entrySet()) {
                InputSpec spec = node.input(link.getKey());
                if (spec != null && !TypeMatch.fitsStrictly(link.getValue(), spec.type())) {
                    return new Verdict.Refused(
                            "Invalid type of "
                                    + link.getKey()
                                    + ": "
                                    + link.getValue()
                                    + " (expected "
                                    + spec.type()
                                    + ")");
                }
            }
            return Verdict.OK;
        }
    }
}
