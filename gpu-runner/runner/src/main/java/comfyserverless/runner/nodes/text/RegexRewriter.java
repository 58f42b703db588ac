package comfyserverless.runner.nodes.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a Python pattern once and writes the Java pattern of the same meaning.
final class RegexRewriter {
    /// Where a line begins, also behind the last line's end (Java's `^` stops before that).
    private static final String LINE_START = "(?<![^\\n])";

    private static final Pattern QUANTIFIER = Pattern.compile("\\{(\\d*)(,?)(\\d*)\\}");
    private static final Pattern NAME =
            Pattern.compile("[^\\W\\d]\\w*", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern INLINE = Pattern.compile("\\(\\?([aiLmsux]*)(-[imsx]+)?([:)])");

    private final String python;
    private final boolean multiline;
    private final StringBuilder java = new StringBuilder();
    private final Map<String, Integer> groups = new LinkedHashMap<>();
    private int at;
    private int opened;

    RegexRewriter(String python, boolean multiline) {
        this.python = python;
        this.multiline = multiline;
    }

    Map<String, Integer> groups() {
        return groups;
    }

    String rewritten() {
        while (at < python.length()) {
            char c = python.charAt(at);
            switch (c) {
                case '\\' -> escape(false);
                case '[' -> characterClass();
                case '(' -> group();
                case '{' -> brace();
                case '^' -> {
                    java.append(multiline ? LINE_START : "^");
                    at++;
                }
                default -> {
                    java.append(c);
                    at++;
                }
            }
        }
        return java.toString();
    }

    /// Whether something stands before this place that can be repeated.
    private boolean repeats() {
        return at > 0 && "(|".indexOf(python.charAt(at - 1)) < 0;
    }

    private void brace() {
        Matcher quantifier = QUANTIFIER.matcher(python).region(at, python.length());
        boolean counts =
                quantifier.lookingAt()
                        && !(quantifier.group(1).isEmpty() && quantifier.group(2).isEmpty());
        if (!counts) {
            java.append("\\{");
            at++;
            return;
        }
        if (!repeats()) {
            throw new PythonRegex.BadPattern("nothing to repeat", at);
        }
        String least = quantifier.group(1).isEmpty() ? "0" : quantifier.group(1);
        java.append('{').append(least).append(quantifier.group(2));
        java.append(quantifier.group(3)).append('}');
        at = quantifier.end();
    }

    private void group() {
        if (!python.startsWith("(?", at)) {
            opened++;
            java.append('(');
            at++;
        } else if (python.startsWith("(?P<", at)) {
            opened++;
            named(at + 4, '>', true);
            java.append('(');
        } else if (python.startsWith("(?P=", at)) {
            String name = named(at + 4, ')', false);
            Integer number = groups.get(name);
            if (number == null) {
                throw new PythonRegex.BadPattern("unknown group name '" + name + "'", at);
            }
            java.append("(?:\\").append(number).append(')');
        } else if (python.startsWith("(?#", at)) {
            int end = python.indexOf(')', at);
            if (end < 0) {
                throw new PythonRegex.BadPattern("missing ), unterminated comment", at);
            }
            at = end + 1;
        } else if (python.startsWith("(?(", at)) {
            throw new PythonRegex.BadPattern("conditional groups are not supported", at);
        } else {
            special();
        }
    }

    /// Look-arounds, atomic and plain groups, and flags; those of Python's that Java lacks are the default.
    private void special() {
        Matcher inline = INLINE.matcher(python).region(at, python.length());
        if (inline.lookingAt()) {
            String off = inline.group(2);
            java.append("(?").append(inline.group(1).replaceAll("[aLu]", ""));
            java.append(off == null ? "" : off).append(inline.group(3));
            at = inline.end();
            return;
        }
        for (String start : List.of("(?=", "(?!", "(?<=", "(?<!", "(?>")) {
            if (python.startsWith(start, at)) {
                java.append(start);
                at += start.length();
                return;
            }
        }
        throw new PythonRegex.BadPattern("unknown extension", at + 1);
    }

    private String named(int from, char end, boolean defines) {
        int to = python.indexOf(end, from);
        if (to < 0) {
            throw new PythonRegex.BadPattern("missing " + end + ", unterminated name", from);
        }
        String name = python.substring(from, to);
        if (!NAME.matcher(name).matches()) {
            throw new PythonRegex.BadPattern("bad character in group name '" + name + "'", from);
        }
        if (defines && groups.put(name, opened) != null) {
            throw new PythonRegex.BadPattern("redefinition of group name '" + name + "'", from);
        }
        at = to + 1;
        return name;
    }

    private void characterClass() {
        int start = at;
        java.append('[');
        at++;
        if (at < python.length() && python.charAt(at) == '^') {
            java.append('^');
            at++;
        }
        boolean first = true;
        while (at < python.length() && (first || python.charAt(at) != ']')) {
            first = false;
            char c = python.charAt(at);
            if (c == '\\') {
                escape(true);
                continue;
            }
            if (c == '[' || c == ']' || c == '&') {
                java.append('\\');
            }
            java.append(c);
            at++;
        }
        if (at >= python.length()) {
            throw new PythonRegex.BadPattern("unterminated character set", start);
        }
        java.append(']');
        at++;
    }

    private void escape(boolean inClass) {
        if (at + 1 == python.length()) {
            throw new PythonRegex.BadPattern("bad escape (end of pattern)", at);
        }
        char c = python.charAt(at + 1);
        if (c >= '0' && c <= '9') {
            digits(inClass);
            return;
        }
        int length = 2;
        switch (c) {
            case 'Z' -> java.append("\\z");
            case 'v' -> java.append("\\x0B");
            case 'b' -> java.append(inClass ? "\\x08" : "\\b");
            case 'U' -> {
                length = 10;
                java.append("\\x{").append(hex(8)).append('}');
            }
            case 'u' -> {
                length = 6;
                java.append("\\x{").append(hex(4)).append('}');
            }
            case 'x' -> {
                length = 4;
                java.append("\\x").append(hex(2));
            }
            default -> {
                boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                if (letter && "AaBDdfnrSstWwN".indexOf(c) < 0) {
                    throw new PythonRegex.BadPattern("bad escape \\" + c, at);
                }
                java.append('\\').append(c);
            }
        }
        at += length;
    }

    private String hex(int digits) {
        int end = Math.min(at + 2 + digits, python.length());
        String hex = python.substring(at + 2, end);
        if (!hex.matches("[0-9a-fA-F]{" + digits + "}")) {
            throw new PythonRegex.BadPattern("incomplete escape \\" + python.charAt(at + 1), at);
        }
        return hex;
    }

    /// An octal number (begins with 0, has three digits, or stands in a class), or an earlier group.
    private void digits(boolean inClass) {
        int end = at + 2;
        while (end < python.length()
                && end < at + 4
                && Character.digit(python.charAt(end), 8) >= 0) {
            end++;
        }
        String all = python.substring(at + 1, end);
        boolean octal = inClass || all.startsWith("0") || all.matches("[0-3][0-7]{2}");
        if (octal && all.matches("[0-7]+")) {
            java.append(String.format(Locale.ROOT, "\\x%02X", Integer.parseInt(all, 8) & 255));
            at = end;
            return;
        }
        Matcher number =
                Pattern.compile("\\d{1,2}").matcher(python).region(at + 1, python.length());
        if (inClass || !number.lookingAt() || Integer.parseInt(number.group()) > opened) {
            throw new PythonRegex.BadPattern("invalid group reference " + all, at + 1);
        }
        java.append("(?:\\").append(number.group()).append(')');
        at = number.end();
    }
}
