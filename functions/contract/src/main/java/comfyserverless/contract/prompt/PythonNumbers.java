package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.PythonText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/// Python's `int()`, `float()` and truth of a JSON value, with the words of its errors.
final class PythonNumbers {
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d+(_\\d+)*");
    private static final Pattern FRACTION =
            Pattern.compile(
                    "[+-]?(\\d+(_\\d+)*\\.?(\\d+(_\\d+)*)?|\\.\\d+(_\\d+)*)([eE][+-]?\\d+(_\\d+)*)?");
    private static final Pattern WORD =
            Pattern.compile("[+-]?(inf|infinity|nan)", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST_INT = 4300;

    private PythonNumbers() {}

    /// A value that Python cannot turn into the wanted number; the message is Python's.
    static final class NotANumber extends Exception {
        private static final long serialVersionUID = 1L;

        NotANumber(String message) {
            super(message);
        }
    }

    static BigInteger toInt(JsonNode value) throws NotANumber {
        if (value.isBoolean()) {
            return value.booleanValue() ? BigInteger.ONE : BigInteger.ZERO;
        }
        if (value.isIntegralNumber()) {
            return value.bigIntegerValue();
        }
        if (value.isNumber()) {
            double d = value.doubleValue();
            if (Double.isNaN(d)) {
                throw new NotANumber("cannot convert float NaN to integer");
            }
            if (Double.isInfinite(d)) {
                throw new NotANumber("cannot convert float infinity to integer");
            }
            return new BigDecimal(d).toBigInteger();
        }
        if (value.isTextual()) {
            String text = value.textValue().strip();
            if (text.length() <= LONGEST_INT && WHOLE.matcher(text).matches()) {
                String digits = text.replace("_", "");
                return new BigInteger(digits.startsWith("+") ? digits.substring(1) : digits);
            }
            throw new NotANumber(
                    "invalid literal for int() with base 10: " + PythonText.repr(value));
        }
        throw new NotANumber(
                "int() argument must be a string, a bytes-like object or a real number, not '"
                        + PythonText.typeName(value)
                        + "'");
    }

    static double toFloat(JsonNode value) throws NotANumber {
        if (value.isBoolean()) {
            return value.booleanValue() ? 1 : 0;
        }
        if (value.isNumber()) {
            double d = value.doubleValue();
            if (value.isIntegralNumber() && Double.isInfinite(d)) {
                throw new NotANumber("int too large to convert to float");
            }
            return d;
        }
        if (value.isTextual()) {
            String text = value.textValue().strip();
            if (FRACTION.matcher(text).matches()) {
                return Double.parseDouble(text.replace("_", ""));
            }
            if (WORD.matcher(text).matches()) {
                return word(text);
            }
            throw new NotANumber("could not convert string to float: " + PythonText.repr(value));
        }
        throw new NotANumber(
                "float() argument must be a string or a real number, not '"
                        + PythonText.typeName(value)
                        + "'");
    }

    static boolean truth(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> value.doubleValue() != 0;
            case STRING -> !value.textValue().isEmpty();
            case ARRAY, OBJECT -> !value.isEmpty();
            case NULL, MISSING, BINARY, POJO -> false;
        };
    }

    private static double word(String text) {
        if (text.toLowerCase(java.util.Locale.ROOT).contains("nan")) {
            return Double.NaN;
        }
        return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
}
