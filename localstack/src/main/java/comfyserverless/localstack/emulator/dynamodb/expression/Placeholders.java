package comfyserverless.localstack.emulator.dynamodb.expression;

import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// One request's ExpressionAttributeNames and -Values, which must all be used by its expressions.
public final class Placeholders {
    private final Map<String, String> names;
    private final Map<String, Value> values;
    private final Set<String> used = new HashSet<>();

    public Placeholders(Map<String, String> names, Map<String, Value> values) {
        this.names = Map.copyOf(names);
        this.values = Map.copyOf(values);
        names.keySet().forEach(n -> checkForm("ExpressionAttributeNames", n, '#'));
        values.keySet().forEach(v -> checkForm("ExpressionAttributeValues", v, ':'));
    }

    private static void checkForm(String field, String key, char sign) {
        if (key.length() < 2 || key.charAt(0) != sign) {
            throw ServiceException.validation(
                    field + " contains invalid key: Syntax error; key: \"" + key + "\"");
        }
    }

    String name(String kind, String placeholder) {
        used.add(placeholder);
        String name = names.get(placeholder);
        if (name == null) {
            throw ServiceException.validation(
                    "Invalid "
                            + kind
                            + ": An expression attribute name used in the document path is not defined; attribute"
                            + " name: "
                            + placeholder);
        }
        return name;
    }

    Value value(String kind, String placeholder) {
        used.add(placeholder);
        Value value = values.get(placeholder);
        if (value == null) {
            throw ServiceException.validation(
                    "Invalid "
                            + kind
                            + ": An expression attribute value used in expression is not defined; attribute value: "
                            + placeholder);
        }
        return value;
    }

    /// Refuses what no expression of the request used; to be called after all of them are parsed.
    public void checkAllUsed() {
        checkUsed("ExpressionAttributeNames", names.keySet());
        checkUsed("ExpressionAttributeValues", values.keySet());
    }

    private void checkUsed(String field, Set<String> given) {
        Set<String> unused = new TreeSet<>(given);
        unused.removeAll(used);
        if (!unused.isEmpty()) {
            throw ServiceException.validation(
                    "Value provided in "
                            + field
                            + " unused in expressions: keys: {"
                            + String.join(", ", unused)
                            + "}");
        }
    }
}
