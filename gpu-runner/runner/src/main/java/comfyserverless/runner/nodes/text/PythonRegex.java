package comfyserverless.runner.nodes.text;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression of Python's `re`, rewritten for Java: named groups, `\Z`, literal braces, brackets
/// inside classes and lines that end in `\n` only. Conditional groups are refused.
///
/// @param groups the number of each named group
record PythonRegex(Pattern pattern, Map<String, Integer> groups) {
    /// A pattern or template that Python refuses (`re.error`), or one that Java cannot run.
    static final class BadPattern extends RuntimeException {
        BadPattern(String what, int at) {
            super(what + " at position " + at);
        }

        BadPattern(String what, Throwable cause) {
            super(what, cause);
        }
    }

    record Flags(boolean ignoreCase, boolean multiline, boolean dotAll) {
        int bits() {
            return Pattern.UNIX_LINES
                    | Pattern.UNICODE_CHARACTER_CLASS
                    | (ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0)
                    | (multiline ? Pattern.MULTILINE : 0)
                    | (dotAll ? Pattern.DOTALL : 0);
        }
    }

    /// @throws BadPattern if it is none
    static PythonRegex compile(String python, Flags flags) {
        RegexRewriter rewriter = new RegexRewriter(python, flags.multiline());
        String java = rewriter.rewritten();
        try {
            return new PythonRegex(Pattern.compile(java, flags.bits()), rewriter.groups());
        } catch (PatternSyntaxException e) {
            throw new BadPattern(e.getDescription() + " in " + python, e);
        }
    }
}
