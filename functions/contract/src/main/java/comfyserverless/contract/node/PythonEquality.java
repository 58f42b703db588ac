package comfyserverless.contract.node;

import com.fasterxml.jackson.databind.JsonNode;

/// `==` of two JSON values as Python has it: 1, 1.0 and True are equal.
public final class PythonEquality {
    private PythonEquality() {}

    public static boolean equal(JsonNode a, JsonNode b) {
        if (isNumber(a) && isNumber(b)) {
            return compare(a, b) == 0;
        }
        return a.equals(
                (x, y) -> isNumber(x) && isNumber(y) ? compare(x, y) : x.equals(y) ? 0 : 1, b);
    }

    /// Whether Python orders it as a number: numbers and truth values.
    public static boolean isNumber(JsonNode value) {
        return value.isNumber() || value.isBoolean();
    }

    /// Compares two numbers exactly (a big whole number with a double too); NaN is unequal to all.
    public static int compare(JsonNode a, JsonNode b) {
        JsonNode x = number(a);
        JsonNode y = number(b);
        if (isFinite(x) && isFinite(y)) {
            return x.decimalValue().compareTo(y.decimalValue());
        }
        if (Double.isNaN(x.doubleValue()) || Double.isNaN(y.doubleValue())) {
            return 1;
        }
        return Double.compare(x.doubleValue(), y.doubleValue());
    }

    private static JsonNode number(JsonNode value) {
        return value.isBoolean()
                ? com.fasterxml.jackson.databind.node.IntNode.valueOf(value.booleanValue() ? 1 : 0)
                : value;
    }

    private static boolean isFinite(JsonNode value) {
        return value.isIntegralNumber() || Double.isFinite(value.doubleValue());
    }
}
