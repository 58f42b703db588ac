package comfyserverless.contract.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Compares an answer with a recorded one, matchers included (the README of the conformance corpus).
/// Says where the first difference is.
public final class Expected {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);
    private static final Pattern HEX32 = Pattern.compile("[0-9a-f]{32}");
    private static final int SHOWN = 400;

    private Expected() {}

    /// The first difference, or empty if the answer fits.
    public static Optional<String> difference(JsonNode expected, JsonNode actual) {
        return difference("", expected, actual);
    }

    private static Optional<String> difference(String at, JsonNode expected, JsonNode actual) {
        if (expected.isTextual()) {
            return given(token(expected.textValue(), actual), at, expected, actual);
        }
        Optional<Matcher.Use> use = Matcher.in(expected);
        if (use.isPresent()) {
            return matcher(at, use.get(), actual);
        }
        return switch (expected) {
            case ObjectNode object -> object(at, object, actual);
            case ArrayNode array -> array(at, array, actual);
            default -> given(equal(expected, actual), at, expected, actual);
        };
    }

    private static boolean token(String expected, JsonNode actual) {
        return switch (expected) {
            case "<any>" -> true;
            case "<uuid>" -> fits(UUID, actual);
            case "<hex32>" -> fits(HEX32, actual);
            case "<int>" -> actual.isIntegralNumber();
            case "<number>" -> actual.isNumber();
            case "<string>" -> actual.isTextual();
            case "<bool>" -> actual.isBoolean();
            case "<null>" -> actual.isNull();
            case "<list>" -> actual.isArray();
            case "<object>" -> actual.isObject();
            default -> text(expected, actual);
        };
    }

    private static boolean text(String expected, JsonNode actual) {
        if (expected.startsWith("<re:") && expected.endsWith(">")) {
            String regex = expected.substring("<re:".length(), expected.length() - 1);
            return fits(Pattern.compile(regex, Pattern.DOTALL), actual);
        }
        return actual.isTextual() && expected.equals(actual.textValue());
    }

    private static boolean fits(Pattern pattern, JsonNode actual) {
        return actual.isTextual() && pattern.matcher(actual.textValue()).matches();
    }

    /// Equal as Python sees it: numbers by value, whatever their kind; `true` is no number.
    private static boolean equal(JsonNode expected, JsonNode actual) {
        if (expected.isNumber() && actual.isNumber()) {
            double one = expected.doubleValue();
            double other = actual.doubleValue();
            boolean finite = Double.isFinite(one) && Double.isFinite(other);
            return finite
                    ? expected.decimalValue().compareTo(actual.decimalValue()) == 0
                    : one == other;
        }
        return expected.equals(actual);
    }

    private static Optional<String> object(String at, ObjectNode expected, JsonNode actual) {
        if (!actual.isObject()) {
            return differs(at, expected, actual);
        }
        Set<String> missing = keys(expected);
        missing.removeAll(keys(actual));
        Set<String> extra = keys(actual);
        extra.removeAll(keys(expected));
        if (!missing.isEmpty() || !extra.isEmpty()) {
            return Optional.of(at + ": keys missing " + missing + ", too many " + extra);
        }
        return fields(at, expected, actual);
    }

    private static Set<String> keys(JsonNode object) {
        Set<String> keys = new TreeSet<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static Optional<String> fields(String at, JsonNode expected, JsonNode actual) {
        for (Map.Entry<String, JsonNode> field : expected.properties()) {
            String there = at + "/" + field.getKey();
            JsonNode value = actual.get(field.getKey());
            Optional<String> found =
                    value == null
                            ? Optional.of(there + ": missing, expected " + show(field.getValue()))
                            : difference(there, field.getValue(), value);
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

    private static Optional<String> matcher(String at, Matcher.Use use, JsonNode actual) {
        JsonNode value = use.value();
        return switch (use.matcher()) {
            case SUPERSET ->
                    actual.isObject() ? fields(at, value, actual) : differs(at, value, actual);
            case EACH -> each(at, value, actual);
            case JSONSTR -> jsonText(at, value, actual);
            case REPEAT -> Optional.of(at + ": <repeat> stands in lists of messages only");
            case CONTAINS, UNORDERED, ONEOF, PY, LINES, LEN, KEYS, APPROX, LITERAL, NOT ->
                    given(
                            fits(use.matcher(), value, actual),
                            at + " " + use.matcher().key(),
                            value,
                            actual);
        };
    }

    private static boolean fits(Matcher matcher, JsonNode value, JsonNode actual) {
        return switch (matcher) {
            case CONTAINS -> actual.isArray() && Pairing.exists(list(value), list(actual));
            case UNORDERED ->
                    actual.isArray()
                            && actual.size() == value.size()
                            && Pairing.exists(list(value), list(actual));
            case ONEOF ->
                    list(value).stream().anyMatch(option -> difference(option, actual).isEmpty());
            case PY -> value.getNodeType() == actual.getNodeType();
            case LINES -> lines(value, actual);
            case LEN -> hasLength(actual) && length(actual) == value.intValue();
            case KEYS -> actual.isObject() && texts(value).equals(keys(actual));
            case APPROX ->
                    actual.isNumber()
                            && Math.abs(actual.doubleValue() - value.path(0).doubleValue())
                                    <= value.path(1).doubleValue();
            case LITERAL -> equal(value, actual);
            case NOT -> difference(value, actual).isPresent();
            case SUPERSET, EACH, JSONSTR, REPEAT ->
                    throw new IllegalArgumentException(matcher + " is no plain test");
        };
    }

    private static Optional<String> each(String at, JsonNode value, JsonNode actual) {
        if (!actual.isArray()) {
            return differs(at, value, actual);
        }
        for (int i = 0; i < actual.size(); i++) {
            Optional<String> found = difference(at + "/" + i, value, actual.path(i));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> jsonText(String at, JsonNode value, JsonNode actual) {
        if (!actual.isTextual()) {
            return differs(at, value, actual);
        }
        try {
            byte[] utf8 = actual.textValue().getBytes(StandardCharsets.UTF_8);
            return difference(at + "(json)", value, Json.readStored(utf8));
        } catch (MalformedJson e) {
            return Optional.of(at + ": no JSON text: " + show(actual));
        }
    }

    private static boolean lines(JsonNode value, JsonNode actual) {
        if (!actual.isTextual()) {
            return false;
        }
        List<JsonNode> got = new ArrayList<>();
        for (String line : actual.textValue().split("\n", -1)) {
            got.add(TextNode.valueOf(line));
        }
        return got.size() == value.size() && Pairing.exists(list(value), got);
    }

    private static boolean hasLength(JsonNode actual) {
        return actual.isTextual() || actual.isContainerNode();
    }

    private static int length(JsonNode actual) {
        String text = actual.textValue();
        return text == null ? actual.size() : text.codePointCount(0, text.length());
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> items = new ArrayList<>();
        array.forEach(items::add);
        return items;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static Optional<String> given(
            boolean fits, String at, JsonNode expected, JsonNode actual) {
        return fits ? Optional.empty() : differs(at, expected, actual);
    }

    private static Optional<String> differs(String at, JsonNode expected, JsonNode actual) {
        return Optional.of(at + ": expected " + show(expected) + ", got " + show(actual));
    }

    private static String show(JsonNode value) {
        String text = value.isMissingNode() ? "nothing" : Json.write(value);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
