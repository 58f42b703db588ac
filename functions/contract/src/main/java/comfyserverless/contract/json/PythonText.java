package comfyserverless.contract.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Values as Python prints them (`str` and `repr`), where ComfyUI's texts show them to clients.
public final class PythonText {
    private PythonText() {}

    /// `repr(float)`: shortest digits that read back, exponent from 1e16 up and below 1e-4.
    public static String repr(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = shortest(value);
        String digits = exact.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - exact.scale();
        String sign = value < 0 ? "-" : "";
        if (exponent < -4 || exponent >= 16) {
            String mantissa =
                    digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
            return sign
                    + mantissa
                    + "e"
                    + (exponent < 0 ? "-" : "+")
                    + String.format(Locale.ROOT, "%02d", Math.abs(exponent));
        }
        String plain = exact.abs().toPlainString();
        return sign + (plain.contains(".") ? plain : plain + ".0");
    }

    /// Java's own digits, but for subnormal numbers, which it never writes with one digit only.
    private static BigDecimal shortest(double value) {
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (digits.precision() == 2 && Math.abs(value) < Double.MIN_NORMAL) {
            BigDecimal one = digits.round(new MathContext(1));
            return one.doubleValue() == value ? one.stripTrailingZeros() : digits;
        }
        return digits;
    }

    /// `repr(value)` of a JSON value read by Python.
    public static String repr(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> quoted(value.textValue());
            case ARRAY -> {
                List<String> items = new ArrayList<>(value.size());
                value.forEach(item -> items.add(repr(item)));
                yield "[" + String.join(", ", items) + "]";
            }
            case OBJECT -> {
                List<String> fields = new ArrayList<>(value.size());
                value.properties()
                        .forEach(f -> fields.add(quoted(f.getKey()) + ": " + repr(f.getValue())));
                yield "{" + String.join(", ", fields) + "}";
            }
            case NUMBER ->
                    value.isIntegralNumber()
                            ? value.bigIntegerValue().toString()
                            : repr(value.doubleValue());
            case BOOLEAN -> value.booleanValue() ? "True" : "False";
            case NULL, MISSING, BINARY, POJO -> "None";
        };
    }

    /// `str(value)` of a JSON value read by Python: text stays as it is, the rest as [#repr].
    public static String str(JsonNode value) {
        return value.isTextual() ? value.textValue() : repr(value);
    }

    /// The name of the Python type that a JSON value is read as.
    public static String typeName(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "str";
            case ARRAY -> "list";
            case OBJECT -> "dict";
            case NUMBER -> value.isIntegralNumber() ? "int" : "float";
            case BOOLEAN -> "bool";
            case NULL, MISSING, BINARY, POJO -> "NoneType";
        };
    }

    /// `repr(str)`: single quotes, double ones where the text has only single ones.
    public static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
        text.codePoints().forEach(c -> escape(c, quote, out));
        return out.append(quote).toString();
    }

    private static void escape(int c, char quote, StringBuilder out) {
        if (c == quote || c == '\\') {
            out.append('\\').append((char) c);
        } else if (c == '\n') {
            out.append("\\n");
        } else if (c == '\r') {
            out.append("\\r");
        } else if (c == '\t') {
            out.append("\\t");
        } else if (c < ' ' || (c >= 127 && c < 161) || c == 173) {
            out.append(String.format(Locale.ROOT, "\\x%02x", c));
        } else if (Character.isSurrogate((char) c) && c < 0x10000) {
            out.append(String.format(Locale.ROOT, "\\u%04x", c));
        } else {
            out.appendCodePoint(c);
        }
    }
}
