package comfyserverless.runner.nodes.text;

import java.util.Locale;

/// What Python's texts do otherwise than Java's: they count code points and know more white space.
final class PythonStrings {
    private PythonStrings() {}

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /// `text[start:end]`; negative places count from the end.
    static String slice(String text, long start, long end) {
        int length = length(text);
        int from = place(start, length);
        int to = place(end, length);
        return from >= to
                ? ""
                : text.substring(text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, to));
    }

    private static int place(long index, int length) {
        return (int) Math.clamp(index < 0 ? index + length : index, 0L, length);
    }

    /// The first letter large, all others small.
    static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        int skipped = Character.toString(first).toLowerCase(Locale.ROOT).length();
        return large(first) + text.toLowerCase(Locale.ROOT).substring(skipped);
    }

    /// Each letter large that follows no letter, all others small: `They'Re`.
    static String title(String text) {
        StringBuilder title = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && isCased(text.codePointAt(end))) {
                end += Character.charCount(text.codePointAt(end));
            }
            title.append(capitalized(text.substring(at, end)));
            at = end;
            while (at < text.length() && !isCased(text.codePointAt(at))) {
                title.appendCodePoint(text.codePointAt(at));
                at += Character.charCount(text.codePointAt(at));
            }
        }
        return title.toString();
    }

    private static boolean isCased(int point) {
        return Character.isUpperCase(point)
                || Character.isLowerCase(point)
                || Character.isTitleCase(point);
    }

    /// A letter as it begins a title; one that becomes two (`ß`) has only the first of them large.
    private static String large(int point) {
        int title = Character.toTitleCase(point);
        if (title != point) {
            return Character.toString(title);
        }
        String upper = Character.toString(point).toUpperCase(Locale.ROOT);
        int second = upper.offsetByCodePoints(0, 1);
        return upper.substring(0, second) + upper.substring(second).toLowerCase(Locale.ROOT);
    }

    static String stripped(String text, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (right && to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}
