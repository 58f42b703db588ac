package comfyserverless.contract.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Compares an answer with a recorded one, matchers included (the README of the conformance corpus).
/// Says where the first difference is.
public final class Expected {
    private static final Map<String, String> FORMS =
            Map.of(
                    "<uuid>", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
                    "<hex32>", "[0-9a-f]{32}",
                    "<string>", "(?s).*");

    private Expected() {}

    /// The first difference, or empty if the answer fits.
    public static Optional<String> difference(JsonNode expected, JsonNode actual) {
        return difference("", expected, actual);
    }

    private static Optional<String> difference(String at, JsonNode expected, JsonNode actual) {
        if (expected.isTextual()) {
            return text(at, expected.textValue(), actual);
        }
        if (expected instanceof ObjectNode object) {
            if (object.size() == 1) {
                Map.Entry<String, JsonNode> only = object.properties().iterator().next();
                if (only.getKey().startsWith("<")) {
                    return matcher(at, only.getKey(), only.getValue(), actual);
                }
            }
            return object(at, object, actual);
        }
        if (expected instanceof ArrayNode array) {
            return array(at, array, actual);
        }
        if (expected.isNumber() && actual.isNumber()) {
            boolean equal = expected.decimalValue().compareTo(actual.decimalValue()) == 0;
            return equal ? Optional.empty() : differs(at, expected, actual);
        }
        return expected.equals(actual) ? Optional.empty() : differs(at, expected, actual);
    }

    private static Optional<String> text(String at, String expected, JsonNode actual) {
        boolean fits =
                switch (expected) {
                    case "<any>" -> true;
                    case "<number>" -> actual.isNumber();
                    case "<int>" -> actual.isIntegralNumber();
                    case "<bool>" -> actual.isBoolean();
                    case "<null>" -> actual.isNull();
                    case "<list>" -> actual.isArray();
                    case "<object>" -> actual.isObject();
                    default -> actual.isTextual() && fits(expected, actual.textValue());
                };
        return fits ? Optional.empty() : differs(at, expected, actual);
    }

    private static boolean fits(String expected, String actual) {
        String form = FORMS.get(expected);
        if (form != null) {
            return actual.matches(form);
        }
        if (expected.startsWith("<re:")) {
            String regex = expected.substring(4, expected.length() - 1);
            return Pattern.compile(regex).matcher(actual).matches();
        }
        return expected.equals(actual);
    }

    private static Optional<String> object(String at, ObjectNode expected, JsonNode actual) {
        if (!actual.isObject()) {
            return differs(at, expected, actual);
        }
        List<String> missing = new ArrayList<>();
        expected.fieldNames().forEachRemaining(missing::add);
        List<String> extra = new ArrayList<>();
        actual.fieldNames().forEachRemaining(extra::add);
        extra.removeAll(missing);
        actual.fieldNames().forEachRemaining(missing::remove);
        if (!missing.isEmpty() || !extra.isEmpty()) {
            return Optional.of(at + ": keys missing " + missing + ", too many " + extra);
        }
        for (Map.Entry<String, JsonNode> field : expected.properties()) {
            Optional<String> found =
                    difference(
                            at + "/" + field.getKey(),
                            field.getValue(),
                            actual.path(field.getKey()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> array(String at, ArrayNode expected, JsonNode actual) {
        if (!actual.isArray() || actual.size() != expected.size()) {
            return differs(at, expected, actual);
        }
        for (int i = 0; i < expected.size(); i++) {
            Optional<String> found = difference(at + "/" + i, expected.get(i), actual.path(i));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> matcher(
            String at, String name, JsonNode value, JsonNode actual) {
        return switch (name) {
            case "<py>" -> actual.isTextual() ? Optional.empty() : differs(at, value, actual);
            case "<lines>" -> lines(at, value, actual);
            case "<unordered>" -> unordered(at, value, actual, true);
            case "<contains>" -> unordered(at, value, actual, false);
            case "<oneof>" -> oneOf(at, value, actual);
            case "<superset>" -> superset(at, value, actual);
            case "<each>" -> each(at, value, actual);
            case "<jsonstr>" -> difference(at, value, Json.read(actual.asText()));
            default -> Optional.of(at + ": the matcher " + name + " is not known here");
        };
    }

    private static Optional<String> lines(String at, JsonNode value, JsonNode actual) {
        List<String> wanted = new ArrayList<>();
        value.forEach(v -> wanted.add(v.asText()));
        List<String> got = new ArrayList<>(Arrays.asList(actual.asText().split("\n", -1)));
        boolean equal = wanted.size() == got.size() && got.containsAll(wanted);
        return equal ? Optional.empty() : differs(at, value, actual);
    }

    private static Optional<String> unordered(
            String at, JsonNode value, JsonNode actual, boolean all) {
        if (!actual.isArray() || (all && actual.size() != value.size())) {
            return differs(at, value, actual);
        }
        List<JsonNode> left = new ArrayList<>();
        actual.forEach(left::add);
        for (JsonNode wanted : value) {
            Optional<JsonNode> match =
                    left.stream().filter(l -> difference(at, wanted, l).isEmpty()).findFirst();
            if (match.isEmpty()) {
                return Optional.of(at + ": nothing like " + wanted + " in " + actual);
            }
            left.remove(match.get());
        }
        return Optional.empty();
    }

    private static Optional<String> oneOf(String at, JsonNode value, JsonNode actual) {
        for (JsonNode option : value) {
            if (difference(at, option, actual).isEmpty()) {
                return Optional.empty();
            }
        }
        return differs(at, value, actual);
    }

    private static Optional<String> superset(String at, JsonNode value, JsonNode actual) {
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            Optional<String> found =
                    difference(
                            at + "/" + field.getKey(),
                            field.getValue(),
                            actual.path(field.getKey()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> each(String at, JsonNode value, JsonNode actual) {
        for (int i = 0; i < actual.size(); i++) {
            Optional<String> found = difference(at + "/" + i, value, actual.path(i));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> differs(String at, Object expected, JsonNode actual) {
        return Optional.of(at + ": expected " + expected + ", got " + actual);
    }
}
