package comfyserverless.diffusion.text;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// ComfyUI's weight syntax: `(text)` weighs its inside 1.1 times as much, `(text:1.3)` exactly 1.3, nested as deep as
/// one likes; `\(` and `\)` are plain parentheses (`token_weights`, ComfyUI 0.3.64).
public final class PromptWeights {

    private static final String ESCAPED_CLOSE = "\0\u0001";
    private static final String ESCAPED_OPEN = "\0\u0002";
    private static final double EMPHASIS = 1.1;
    private static final int DEEPEST = 900;

    private PromptWeights() {}

    /// A stretch of text of one weight.
    public record Segment(String text, double weight) {}

    /// Parses a prompt; escaped parentheses come out as plain ones.
    ///
    /// @throws IllegalArgumentException when parentheses nest more than 900 deep
    public static List<Segment> parse(String prompt) {
        return parseEscaped(prompt).stream()
                .map(s -> new Segment(unescape(s.text()), s.weight()))
                .toList();
    }

    /// Parses a prompt and leaves escaped parentheses as the two-character marks they are inside the parser.
    static List<Segment> parseEscaped(String prompt) {
        String escaped = prompt.replace("\\)", ESCAPED_CLOSE).replace("\\(", ESCAPED_OPEN);
        List<Segment> out = new ArrayList<>();
        weigh(escaped, 1.0, 0, out);
        return out;
    }

    private static void weigh(String text, double weight, int depth, List<Segment> out) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException(
                    "the prompt nests parentheses more than " + DEEPEST + " deep");
        }
        for (String part : topLevel(text)) {
            if (part.length() < 2
                    || part.charAt(0) != '('
                    || part.charAt(part.length() - 1) != ')') {
                out.add(new Segment(part, weight));
                continue;
            }
            String inside = part.substring(1, part.length() - 1);
            int colon = inside.lastIndexOf(':');
            OptionalDouble stated =
                    colon > 0
                            ? PythonFloat.parse(inside.substring(colon + 1))
                            : OptionalDouble.empty();
            if (stated.isPresent()) {
                weigh(inside.substring(0, colon), stated.getAsDouble(), depth + 1, out);
            } else {
                weigh(inside, weight * EMPHASIS, depth + 1, out);
            }
        }
    }

    /// Cuts before each parenthesis that opens at the outermost level and after the one that closes it. Text that
    /// closes more than it opens is below that level from there on, and no longer cut until it comes back.
    private static List<String> topLevel(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int level = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                if (level == 0) {
                    flush(part, parts);
                }
                level++;
                part.append(c);
            } else if (c == ')') {
                level--;
                part.append(c);
                if (level == 0) {
                    flush(part, parts);
                }
            } else {
                part.append(c);
            }
        }
        flush(part, parts);
        return parts;
    }

    private static void flush(StringBuilder part, List<String> parts) {
        if (!part.isEmpty()) {
            parts.add(part.toString());
            part.setLength(0);
        }
    }

    private static String unescape(String text) {
        return text.replace(ESCAPED_CLOSE, ")").replace(ESCAPED_OPEN, "(");
    }
}
