package comfyserverless.testingnodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Whole numbers, comparisons and truth values.
final class LogicNodes {
    private static final int MOST_BITS = 1 << 20;

    private LogicNodes() {}

    static List<TestingNode> all() {
        return List.of(
                TestingNode.of("TestIntMathOperation", (in, c) -> Outputs.of(arithmetic(in))),
                TestingNode.of("TestIntConditions", (in, c) -> truth(wholeNumbers(in))),
                TestingNode.of("TestFloatConditions", (in, c) -> truth(fractions(in))),
                TestingNode.of("TestStringConditions", (in, c) -> truth(texts(in))),
                TestingNode.of("TestToBoolNode", (in, c) -> truth(toBool(in))),
                TestingNode.of("TestBoolOperationNode", (in, c) -> truth(booleans(in))));
    }

    private static Outputs truth(boolean value) {
        return Outputs.of(BooleanNode.valueOf(value));
    }

    private static JsonNode arithmetic(Inputs in) {
        BigInteger a = in.json("a").bigIntegerValue();
        BigInteger b = in.json("b").bigIntegerValue();
        String operation = in.text("operation");
        if (operation.equals("power") && b.signum() < 0) {
            return fraction(a, b);
        }
        return BigIntegerNode.valueOf(
                switch (operation) {
                    case "add" -> a.add(b);
                    case "subtract" -> a.subtract(b);
                    case "multiply" -> a.multiply(b);
                    case "divide" -> floor(a, b)[0];
                    case "modulo" -> floor(a, b)[1];
                    default -> power(a, b);
                });
    }

    /// Python's whole numbers give a fraction for a negative exponent.
    private static JsonNode fraction(BigInteger a, BigInteger b) {
        if (a.signum() == 0) {
            throw new NodeException(
                    "ZeroDivisionError", "0.0 cannot be raised to a negative power");
        }
        return DoubleNode.valueOf(Math.pow(a.doubleValue(), b.doubleValue()));
    }

    private static BigInteger power(BigInteger a, BigInteger b) {
        if (a.abs().bitLength() <= 1) {
            return b.testBit(0) || b.signum() == 0 ? a.pow(b.signum()) : a.multiply(a);
        }
        BigInteger bits = b.multiply(BigInteger.valueOf(a.bitLength()));
        if (bits.compareTo(BigInteger.valueOf(MOST_BITS)) > 0) {
            throw new NodeException("MemoryError", a + " to the power of " + b + " is too large");
        }
        return a.pow(b.intValueExact());
    }

    /// Quotient and remainder, rounded to minus infinity.
    private static BigInteger[] floor(BigInteger a, BigInteger b) {
        if (b.signum() == 0) {
            throw new NodeException("ZeroDivisionError", "integer division or modulo by zero");
        }
        BigInteger[] parts = a.divideAndRemainder(b);
        if (parts[1].signum() != 0 && parts[1].signum() != b.signum()) {
            return new BigInteger[] {parts[0].subtract(BigInteger.ONE), parts[1].add(b)};
        }
        return parts;
    }

    private static boolean wholeNumbers(Inputs in) {
        BigInteger a = in.json("a").bigIntegerValue();
        return ordered(a.compareTo(in.json("b").bigIntegerValue()), in.text("operation"));
    }

    private static boolean fractions(Inputs in) {
        double a = in.decimal("a");
        double b = in.decimal("b");
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return in.text("operation").equals("!=");
        }
        return ordered(a == b ? 0 : Double.compare(a, b), in.text("operation"));
    }

    private static boolean ordered(int comparison, String operation) {
        return switch (operation) {
            case "==" -> comparison == 0;
            case "!=" -> comparison != 0;
            case "<" -> comparison < 0;
            case ">" -> comparison > 0;
            case "<=" -> comparison <= 0;
            default -> comparison >= 0;
        };
    }

    private static boolean texts(Inputs in) {
        boolean exact = in.flag("case_sensitive");
        String a = exact ? in.text("a") : in.text("a").toLowerCase(Locale.ROOT);
        String b = exact ? in.text("b") : in.text("b").toLowerCase(Locale.ROOT);
        return switch (in.text("operation")) {
            case "a == b" -> a.equals(b);
            case "a != b" -> !a.equals(b);
            case "a IN b" -> b.contains(a);
            case "a MATCH REGEX(b)" -> begins(a, b);
            case "a BEGINSWITH b" -> a.startsWith(b);
            default -> a.endsWith(b);
        };
    }

    /// A pattern that is none matches nothing.
    private static boolean begins(String text, String pattern) {
        try {
            return Pattern.compile(pattern.replace("(?P<", "(?<")).matcher(text).lookingAt();
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static boolean toBool(Inputs in) {
        boolean inverted = in.has("invert") && in.flag("invert");
        return Truth.of(in.value("value")) != inverted;
    }

    private static boolean booleans(Inputs in) {
        boolean a = Truth.of(in.value("a"));
        boolean b = Truth.of(in.value("b"));
        return switch (in.text("op")) {
            case "a AND b" -> a && b;
            case "a OR b" -> a || b;
            case "a XOR b" -> a ^ b;
            default -> !a;
        };
    }
}
