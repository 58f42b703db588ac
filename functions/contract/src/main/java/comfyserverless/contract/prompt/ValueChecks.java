package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.PythonText;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.PythonEquality;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Checks a literal value: coerces it to the input's type, then looks at minimum, maximum and choices.
final class ValueChecks {
    /// Longer lists of choices are not sent back.
    private static final int LONGEST_LIST = 20;

    private final FolderLists lists;

    ValueChecks(FolderLists lists) {
        this.lists = lists;
    }

    /// Checks one value and puts the coerced one in its place.
    ///
    /// @param config makes `[type, options]`, as errors show it
    /// @param ownCheck whether the node's validator looks at this input: then only the type is checked
    /// @return the error, if there is one; else the coerced value stands in `inputs`
    Optional<PromptError> check(
            ObjectNode inputs,
            String name,
            Supplier<ArrayNode> config,
            InputSpec spec,
            boolean ownCheck) {
        JsonNode value = inputs.path(name);
        if (value.isObject() && value.has("__value__")) {
            value = value.path("__value__");
        }
        JsonNode coerced;
        try {
            coerced = coerce(value, spec);
        } catch (PythonNumbers.NotANumber e) {
            return Optional.of(unconvertible(name, config, spec, value, e));
        }
        inputs.set(name, coerced);
        if (ownCheck) {
            return Optional.empty();
        }
        Optional<PromptError> outside = range(name, config, spec, coerced);
        if (outside.isEmpty() && spec instanceof InputSpec.Choice choice) {
            return choice(name, config, choice, coerced);
        }
        return outside;
    }

    private static JsonNode coerce(JsonNode value, InputSpec spec) throws PythonNumbers.NotANumber {
        return switch (spec) {
            case InputSpec.Int ignored -> whole(PythonNumbers.toInt(value));
            case InputSpec.Decimal ignored -> DoubleNode.valueOf(PythonNumbers.toFloat(value));
            case InputSpec.Text ignored -> TextNode.valueOf(PythonText.str(value));
            case InputSpec.Flag ignored -> BooleanNode.valueOf(PythonNumbers.truth(value));
            case InputSpec.Choice ignored -> value;
            case InputSpec.Linked ignored -> value;
        };
    }

    private static JsonNode whole(BigInteger value) {
        return value.bitLength() < 64
                ? LongNode.valueOf(value.longValue())
                : BigIntegerNode.valueOf(value);
    }

    private static Optional<PromptError> range(
            String name, Supplier<ArrayNode> config, InputSpec spec, JsonNode value) {
        Optional<JsonNode> min = spec.options().get("min");
        if (min.isPresent() && less(value, min.get(), "<", value, min.get())) {
            return Optional.of(
                    bound(
                            "value_smaller_than_min",
                            "smaller than min",
                            min.get(),
                            name,
                            config,
                            value));
        }
        Optional<JsonNode> max = spec.options().get("max");
        if (max.isPresent() && less(max.get(), value, ">", value, max.get())) {
            return Optional.of(
                    bound(
                            "value_bigger_than_max",
                            "bigger than max",
                            max.get(),
                            name,
                            config,
                            value));
        }
        return Optional.empty();
    }

    private static boolean less(
            JsonNode a, JsonNode b, String operator, JsonNode left, JsonNode right) {
        if (!PythonEquality.isNumber(a) || !PythonEquality.isNumber(b)) {
            throw new ValidatorFailure(
                    "TypeError",
                    "'"
                            + operator
                            + "' not supported between instances of '"
                            + PythonText.typeName(left)
                            + "' and '"
                            + PythonText.typeName(right)
                            + "'");
        }
        return PythonEquality.compare(a, b) < 0;
    }

    private static PromptError bound(
            String type,
            String relation,
            JsonNode bound,
            String name,
            Supplier<ArrayNode> config,
            JsonNode value) {
        String message =
                "Value " + PythonText.str(value) + " " + relation + " of " + PythonText.str(bound);
        return new PromptError(type, message, name, info(name, config.get(), value));
    }

    private Optional<PromptError> choice(
            String name, Supplier<ArrayNode> config, InputSpec.Choice choice, JsonNode value) {
        if (choice.options().get("remote").isPresent() || choice.source().has(value, lists)) {
            return Optional.empty();
        }
        List<JsonNode> choices = choice.source().values(lists);
        boolean small = choices.size() <= LONGEST_LIST;
        ArrayNode array = Json.mapper().createArrayNode().addAll(choices);
        String list = small ? PythonText.repr(array) : "(list of length " + choices.size() + ")";
        String details = name + ": '" + PythonText.str(value) + "' not in " + list;
        return Optional.of(
                new PromptError(
                        "value_not_in_list",
                        "Value not in list",
                        details,
                        info(name, small ? config.get() : NullNode.getInstance(), value)));
    }

    private static PromptError unconvertible(
            String name,
            Supplier<ArrayNode> config,
            InputSpec spec,
            JsonNode value,
            PythonNumbers.NotANumber reason) {
        String why = String.valueOf(reason.getMessage());
        return new PromptError(
                "invalid_input_type",
                "Failed to convert an input value to a " + spec.type() + " value",
                name + ", " + PythonText.str(value) + ", " + why,
                info(name, config.get(), value).put("exception_message", why));
    }

    private static ObjectNode info(String name, JsonNode config, JsonNode value) {
        ObjectNode info = Json.object().put("input_name", name);
        info.set("input_config", config);
        info.set("received_value", value);
        return info;
    }
}
