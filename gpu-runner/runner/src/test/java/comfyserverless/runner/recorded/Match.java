package comfyserverless.runner.recorded;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.PythonEquality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The matchers of the recordings (`<int>`, `{"<superset>": …}`, …); says where a value differs first.
final class Match {
    private Match() {}

    /// Where and how `actual` differs from what is wanted; empty if it fits.
    static Optional<String> difference(JsonNode wanted, JsonNode actual, String at) {
        if (wanted.isTextual()) {
            return text(wanted.textValue(), actual, at);
        }
        if (wanted.isObject() && wanted.size() == 1) {
            Map.Entry<String, JsonNode> only = wanted.properties().iterator().next();
            if (only.getKey().startsWith("<")) {
                return special(only.getKey(), only.getValue(), actual, at);
            }
        }
        if (wanted.isObject()) {
            return object(wanted, actual, at);
        }
        if (wanted.isArray()) {
            return array(wanted, actual, at);
        }
        return PythonEquality.equal(wanted, actual) && wanted.isBoolean() == actual.isBoolean()
                ? Optional.empty()
                : differs(wanted, actual, at);
    }

    private static Optional<String> text(String wanted, JsonNode actual, String at) {
        boolean fits =
                switch (wanted) {
                    case "<any>" -> true;
                    case "<int>" -> actual.isIntegralNumber();
                    case "<number>" -> actual.isNumber();
                    case "<string>" -> actual.isTextual();
                    case "<bool>" -> actual.isBoolean();
                    case "<null>" -> actual.isNull();
                    case "<list>" -> actual.isArray();
                    case "<object>" -> actual.isObject();
                    default ->
                            wanted.startsWith("<re:")
                                    ? Pattern.matches(
                                            wanted.substring(4, wanted.length() - 1),
                                            actual.asText())
                                    : actual.isTextual() && actual.textValue().equals(wanted);
                };
        return fits ? Optional.empty() : differs(wanted, actual, at);
    }

    private static Optional<String> special(
            String kind, JsonNode wanted, JsonNode actual, String at) {
        return switch (kind) {
            case "<superset>" -> superset(wanted, actual, at);
            case "<unordered>" -> unordered(wanted, actual, at);
            case "<oneof>" -> oneOf(wanted, actual, at);
            case "<each>" -> {
                for (JsonNode item : actual) {
                    Optional<String> difference = difference(wanted, item, at + "[]");
                    if (difference.isPresent()) {
                        yield difference;
                    }
                }
                yield actual.isArray() ? Optional.empty() : differs(wanted, actual, at);
            }
            case "<jsonstr>" -> difference(wanted, Json.read(actual.asText()), at);
            case "<py>" -> actual.isTextual() ? Optional.empty() : differs(wanted, actual, at);
            default -> throw new IllegalArgumentException("matcher " + kind);
        };
    }

    private static Optional<String> oneOf(JsonNode wanted, JsonNode actual, String at) {
        for (JsonNode each : wanted) {
            if (difference(each, actual, at).isEmpty()) {
                return Optional.empty();
            }
        }
        return differs(wanted, actual, at);
    }

    private static Optional<String> unordered(JsonNode wanted, JsonNode actual, String at) {
        List<JsonNode> left = new ArrayList<>();
        actual.forEach(left::add);
        for (JsonNode each : wanted) {
            Optional<JsonNode> found =
                    left.stream().filter(a -> difference(each, a, at).isEmpty()).findFirst();
            if (found.isEmpty()) {
                return differs(wanted, actual, at);
            }
            left.remove(found.get());
        }
        return left.isEmpty() ? Optional.empty() : differs(wanted, actual, at);
    }

    private static Optional<String> superset(JsonNode wanted, JsonNode actual, String at) {
        for (Map.Entry<String, JsonNode> field : wanted.properties()) {
            JsonNode value = actual.path(field.getKey());
            Optional<String> difference =
                    difference(field.getValue(), value, at + "." + field.getKey());
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> object(JsonNode wanted, JsonNode actual, String at) {
        TreeSet<String> names = new TreeSet<>();
        wanted.fieldNames().forEachRemaining(names::add);
        TreeSet<String> actualNames = new TreeSet<>();
        actual.fieldNames().forEachRemaining(actualNames::add);
        if (!actual.isObject() || !names.equals(actualNames)) {
            return differs(wanted, actual, at);
        }
        return superset(wanted, actual, at);
    }

    private static Optional<String> array(JsonNode wanted, JsonNode actual, String at) {
        if (!actual.isArray() || wanted.size() != actual.size()) {
            return differs(wanted, actual, at);
        }
        for (int i = 0; i < wanted.size(); i++) {
            Optional<String> difference =
                    difference(wanted.get(i), actual.get(i), at + "[" + i + "]");
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    /// Compares a list of messages, which may hold `<repeat>` and `<unordered>` runs.
    static Optional<String> messages(JsonNode wanted, List<JsonNode> actual) {
        int next = 0;
        for (int i = 0; i < wanted.size(); i++) {
            JsonNode each = wanted.get(i);
            String at = "message " + i;
            if (each.has("<repeat>")) {
                JsonNode repeated = each.get("<repeat>");
                int first = next;
                while (next < actual.size()
                        && difference(repeated, actual.get(next), at).isEmpty()) {
                    next++;
                }
                if (next == first) {
                    return differs(each, at(actual, next), at);
                }
                continue;
            }
            if (each.has("<unordered>")) {
                int count = each.get("<unordered>").size();
                JsonNode part =
                        Json.mapper()
                                .valueToTree(
                                        actual.subList(
                                                Math.min(next, actual.size()),
                                                Math.min(next + count, actual.size())));
                Optional<String> difference = difference(each, part, at);
                if (difference.isPresent()) {
                    return difference;
                }
                next += count;
                continue;
            }
            Optional<String> difference = difference(each, at(actual, next++), at);
            if (difference.isPresent()) {
                return difference;
            }
        }
        return next == actual.size()
                ? Optional.empty()
                : Optional.of("more than expected: " + actual.subList(next, actual.size()));
    }

    private static JsonNode at(List<JsonNode> messages, int index) {
        return index < messages.size()
                ? messages.get(index)
                : Json.mapper().getNodeFactory().missingNode();
    }

    private static Optional<String> differs(Object wanted, JsonNode actual, String at) {
        return Optional.of(at + ": wanted " + wanted + " but was " + actual);
    }
}
