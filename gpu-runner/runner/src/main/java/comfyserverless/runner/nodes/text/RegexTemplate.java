package comfyserverless.runner.nodes.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// What takes a match's place, in Python's notation: `\1`, `\g<1>`, `\g<name>`, `\n`, `\\`.
///
/// @param parts literal texts and group numbers in order
record RegexTemplate(List<Part> parts) {
    /// A literal text, or a group's (text null).
    record Part(@Nullable String text, int group) {}

    /// @param names the pattern's named groups
    /// @param groups how many groups the pattern has
    /// @throws PythonRegex.BadPattern for what Python refuses
    static RegexTemplate parse(String template, Map<String, Integer> names, int groups) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < template.length()) {
            int slash = template.indexOf('\\', at);
            if (slash < 0) {
                parts.add(new Part(template.substring(at), -1));
                break;
            }
            parts.add(new Part(template.substring(at, slash), -1));
            if (slash + 1 == template.length()) {
                throw new PythonRegex.BadPattern("bad escape (end of pattern)", slash);
            }
            at = escape(template, slash, new Groups(names, groups), parts);
        }
        return new RegexTemplate(parts);
    }

    private record Groups(Map<String, Integer> names, int count) {
        Part part(String name, int at) {
            Integer number = names.get(name);
            if (number == null && name.matches("[0-9]{1,9}")) {
                number = Integer.valueOf(name);
            }
            if (number == null) {
                throw new PythonRegex.BadPattern("unknown group name '" + name + "'", at);
            }
            if (number > count) {
                throw new PythonRegex.BadPattern("invalid group reference " + number, at);
            }
            return new Part(null, number);
        }
    }

    /// Reads one escape; gives the place behind it.
    private static int escape(String template, int slash, Groups groups, List<Part> parts) {
        char next = template.charAt(slash + 1);
        if (next == 'g') {
            int open = slash + 2;
            int close = template.indexOf('>', open);
            if (open >= template.length() || template.charAt(open) != '<' || close < 0) {
                throw new PythonRegex.BadPattern("missing <", open);
            }
            parts.add(groups.part(template.substring(open + 1, close), open + 1));
            return close + 1;
        }
        if (next >= '0' && next <= '9') {
            return number(template, slash, groups, parts);
        }
        int control = "abfnrtv".indexOf(next);
        if (control >= 0) {
            parts.add(new Part(String.valueOf("\u0007\b\f\n\r\t\u000b".charAt(control)), -1));
        } else if (next == '\\') {
            parts.add(new Part("\\", -1));
        } else if ((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z')) {
            throw new PythonRegex.BadPattern("bad escape \\" + next, slash);
        } else {
            parts.add(new Part("\\" + next, -1));
        }
        return slash + 2;
    }

    /// A group of one or two digits, or an octal number: one that begins with 0 or has three digits.
    private static int number(String template, int slash, Groups groups, List<Part> parts) {
        int end = slash + 2;
        boolean octal = template.charAt(slash + 1) == '0';
        int most = octal ? 3 : 2;
        while (end < template.length()
                && end < slash + 1 + most
                && Character.digit(template.charAt(end), octal ? 8 : 10) >= 0) {
            end++;
        }
        String digits = template.substring(slash + 1, end);
        boolean third =
                digits.length() == 2
                        && end < template.length()
                        && (digits + template.charAt(end)).matches("[0-3][0-7]{2}");
        if (octal || third) {
            String all = third ? digits + template.charAt(end) : digits;
            parts.add(new Part(String.valueOf((char) Integer.parseInt(all, 8)), -1));
            return third ? end + 1 : end;
        }
        parts.add(groups.part(digits, slash + 1));
        return end;
    }

    /// The text for a match; a group that took no part is empty.
    String filled(Matcher match) {
        StringBuilder filled = new StringBuilder();
        for (Part part : parts) {
            String text = part.text() == null ? match.group(part.group()) : part.text();
            filled.append(text == null ? "" : text);
        }
        return filled.toString();
    }
}
