package comfyserverless.diffusion.text;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// Numbers as Python's `float(text)` reads them, which is how prompt weights are written: `1_0` is 10, ` .5 ` is a
/// half, `inf` and `nan` are numbers, digits may come from any script.
final class PythonFloat {

    private static final String DIGITS = "\\d(?:_?\\d)*";
    private static final Pattern NUMBER =
            Pattern.compile(
                    "[+-]?(?:"
                            + DIGITS
                            + "(?:\\.(?:"
                            + DIGITS
                            + ")?)?|\\."
                            + DIGITS
                            + ")(?:[eE][+-]?"
                            + DIGITS
                            + ")?",
                    Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern NO_NUMBER = Pattern.compile("([+-]?)(?:(inf|infinity)|nan)");

    private PythonFloat() {}

    static OptionalDouble parse(String text) {
        String trimmed = Whitespace.strip(text);
        if (NUMBER.matcher(trimmed).matches()) {
            return OptionalDouble.of(Double.parseDouble(asciiDigits(trimmed)));
        }
        var special = NO_NUMBER.matcher(trimmed.toLowerCase(Locale.ROOT));
        if (!special.matches()) {
            return OptionalDouble.empty();
        }
        if (special.group(2) == null) {
            return OptionalDouble.of(Double.NaN);
        }
        return OptionalDouble.of(
                "-".equals(special.group(1)) ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }

    private static String asciiDigits(String number) {
        StringBuilder out = new StringBuilder();
        number.codePoints()
                .filter(c -> c != '_')
                .forEach(c ->
                        out.appendCodePoint(
                                Character.isDigit(c) ? '0' + Character.digit(c, 10) : c));
        return out.toString();
    }
}
