package comfyserverless.diffusion.text;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// CLIP's tokenizer without ftfy, as ComfyUI runs it: control characters dropped, NFC, lower case, CJK characters
/// apart, then words by a pattern and byte pairs inside each word (CLIPTokenizer of transformers).
public final class ClipTokenizer implements Tokenizer {

    public static final int START = 49406;
    public static final int END = 49407;

    private static final Pattern SPECIAL = Pattern.compile("<\\|startoftext\\|>|<\\|endoftext\\|>");
    private static final Pattern WORD =
            Pattern.compile(
                    "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+",
                    Pattern.CASE_INSENSITIVE
                            | Pattern.UNICODE_CASE
                            | Pattern.UNICODE_CHARACTER_CLASS);

    private final BytePairs pairs;

    private ClipTokenizer(BytePairs pairs) {
        this.pairs = pairs;
    }

    /// The tokenizer with CLIP's vocabulary, which is read from the class path once.
    public static ClipTokenizer standard() {
        return Standard.INSTANCE;
    }

    @Override
    public int[] encode(String text) {
        IntStream.Builder ids = IntStream.builder();
        Matcher special = SPECIAL.matcher(text);
        int from = 0;
        while (special.find()) {
            encodeWords(text.substring(from, special.start()), ids);
            ids.add(specialId(special.group()));
            from = special.end();
        }
        encodeWords(text.substring(from), ids);
        return ids.build().toArray();
    }

    private void encodeWords(String text, IntStream.Builder ids) {
        Matcher word = WORD.matcher(normalise(text));
        while (word.find()) {
            if (SPECIAL.matcher(word.group()).matches()) {
                ids.add(specialId(word.group()));
            } else {
                Arrays.stream(pairs.encode(word.group().getBytes(StandardCharsets.UTF_8)))
                        .forEach(ids::add);
            }
        }
    }

    private static int specialId(String token) {
        return token.equals("<|startoftext|>") ? START : END;
    }

    private static String normalise(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> {
                    if (c == '\t' || c == '\n' || c == '\r') {
                        clean.append(' ');
                    } else if (isChinese(c)) {
                        clean.append(' ').appendCodePoint(c).append(' ');
                    } else if (isKept(c)) {
                        clean.appendCodePoint(c);
                    }
                });
        return Whitespace.split(Normalizer.normalize(clean, Normalizer.Form.NFC)).stream()
                .map(word -> word.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }

    private static boolean isKept(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED ->
                    false;
            default -> codePoint != 0xFFFD;
        };
    }

    /// The blocks of CJK ideographs that the original tokenizer sets apart.
    private static boolean isChinese(int c) {
        return (c >= 0x4E00 && c <= 0x9FFF)
                || (c >= 0x3400 && c <= 0x4DBF)
                || (c >= 0x20000 && c <= 0x2A6DF)
                || (c >= 0x2A700 && c <= 0x2B73F)
                || (c >= 0x2B740 && c <= 0x2B81F)
                || (c >= 0x2B820 && c <= 0x2CEAF)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0x2F800 && c <= 0x2FA1F);
    }

    private static final class Standard {
        static final ClipTokenizer INSTANCE = new ClipTokenizer(BytePairs.load());
    }
}
